#include "output.hpp"
#include "result_json.hpp"
#include "writers.hpp"

namespace netscan::detail {
namespace {

using boost::system::error_code;

/// One document: {"scan": ..., "probes": [...], "summary": ...}, with the records that ndjson has,
/// each on a line of its own and written with one write(2).
class json_writer final : public result_writer {
 public:
  explicit json_writer(int fd) : output_(fd) {}

  error_code begin(const scan_header& header) override {
    line_buffer vantage;
    append_json_string(vantage, header.vantage);
    vantage_ = vantage.view();

    line_.clear();
    line_ << R"({"scan":)";
    append_scan_record(line_, header, time_);
    line_ << ",\n\"probes\":[";
    return output_.write(line_.view());
  }

  error_code add(std::span<const probe_record> records) override {
    for (const probe_record& record : records) {
      line_.clear();
      line_ << std::string_view(is_first_ ? "\n" : ",\n");
      is_first_ = false;
      append_probe_record(line_, vantage_, record, time_);
      if (const error_code error = output_.write(line_.view())) return error;
    }
    return {};
  }

  error_code end(const scan_summary& summary) override {
    line_.clear();
    line_ << "\n],\n\"summary\":";
    append_summary_record(line_, summary);
    line_ << "}\n";
    return output_.write(line_.view());
  }

 private:
  output output_;
  std::string vantage_;  // as JSON
  line_buffer line_;
  time_text time_;
  bool is_first_ = true;
};

}  // namespace

std::unique_ptr<result_writer> make_json_writer(int fd) {
  return std::make_unique<json_writer>(fd);
}

}  // namespace netscan::detail
