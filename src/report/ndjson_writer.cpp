#include "output.hpp"
#include "result_json.hpp"
#include "writers.hpp"

namespace netscan::detail {
namespace {

using boost::system::error_code;

/// A line is one write(2): a reader of the file, or of a pipe that several write to, sees whole
/// lines, and so does who reads what a killed scan has left.
class ndjson_writer final : public result_writer {
 public:
  explicit ndjson_writer(int fd) : output_(fd) {}

  error_code begin(const scan_header& header) override {
    line_buffer vantage;
    append_json_string(vantage, header.vantage);
    vantage_ = vantage.view();

    line_.clear();
    append_scan_record(line_, header, time_);
    return output_.write((line_ << '\n').view());
  }

  error_code add(std::span<const probe_record> records) override {
    for (const probe_record& record : records) {
      line_.clear();
      append_probe_record(line_, vantage_, record, time_);
      if (const error_code error = output_.write((line_ << '\n').view())) return error;
    }
    return {};
  }

  error_code end(const scan_summary& summary) override {
    line_.clear();
    append_summary_record(line_, summary);
    return output_.write((line_ << '\n').view());
  }

 private:
  output output_;
  std::string vantage_;  // as JSON
  line_buffer line_;
  time_text time_;
};

}  // namespace

std::unique_ptr<result_writer> make_ndjson_writer(int fd) {
  return std::make_unique<ndjson_writer>(fd);
}

}  // namespace netscan::detail
