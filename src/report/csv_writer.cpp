#include "error_name.hpp"
#include "line_buffer.hpp"
#include "output.hpp"
#include "time_text.hpp"
#include "utf8.hpp"
#include "writers.hpp"

namespace netscan::detail {
namespace {

using boost::system::error_code;

/// A field as RFC 4180 has it: in quotes when it has to be.
std::string csv_field(std::string_view text) {
  if (text.find_first_of("\",\r\n") == text.npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

/// One record a probe (RFC 4180, with a header line). What does not apply is an empty field.
class csv_writer final : public result_writer {
 public:
  explicit csv_writer(int fd) : output_(fd) {}

  error_code begin(const scan_header& header) override {
    vantage_ = csv_field(to_valid_utf8(header.vantage));
    return output_.write(
        "vantage,ip,port,state,reason,icmp_type,icmp_code,icmp_from,errno,rtt_us,"
        "attempts,time\r\n");
  }

  error_code add(std::span<const probe_record> records) override {
    for (const probe_record& record : records) {
      line_.clear();
      append(record);
      if (const error_code error = output_.write(line_.view())) return error;
    }
    return {};
  }

  error_code end(const scan_summary&) override { return output_.error(); }

 private:
  void append(const probe_record& r) {
    line_ << vantage_ << ',' << r.ip << ',' << r.port << ',' << to_string(r.state()) << ','
          << to_string(r.reason) << ',';
    if (r.icmp) {
      line_ << r.icmp->type << ',' << r.icmp->code << ',' << r.icmp->from;
    } else {
      line_ << ",,";
    }
    line_ << ',';
    if (r.reason == probe_reason::local_error) line_ << error_text(r.local_errno);
    line_ << ',';
    if (r.rtt_us) line_ << *r.rtt_us;
    line_ << ',' << r.attempts << ',' << time_(r.time) << "\r\n";
  }

  output output_;
  std::string vantage_;
  line_buffer line_;
  time_text time_;
};

}  // namespace

std::unique_ptr<result_writer> make_csv_writer(int fd) {
  return std::make_unique<csv_writer>(fd);
}

}  // namespace netscan::detail
