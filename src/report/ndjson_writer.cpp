#include <fmt/format.h>

#include <cmath>

#include "json_string.hpp"
#include "line_buffer.hpp"
#include "output.hpp"
#include "probe_json.hpp"
#include "time_text.hpp"
#include "writers.hpp"

namespace netscan::detail {
namespace {

using boost::system::error_code;

/// A number as JSON has it, which knows no NaN, and with a point, so that a reader that tells
/// integers from fractions always sees the same type.
std::string fraction_text(double value) {
  std::string text = fmt::format("{}", std::isfinite(value) ? value : 0.0);
  if (text.find_first_of(".e") == text.npos) text += ".0";
  return text;
}

void append_list(line_buffer& out, const std::vector<std::string>& texts) {
  out << '[';
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i != 0) out << ',';
    append_json_string(out, texts[i]);
  }
  out << ']';
}

void append_sources(line_buffer& out, const std::vector<source_address>& sources) {
  out << '[';
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (i != 0) out << ',';
    out << R"({"address":)";
    append_address(out, sources[i].address);
    out << R"(,"prefix":)" << sources[i].prefix << R"(,"interface":)";
    append_json_string(out, sources[i].interface);
    out << '}';
  }
  out << ']';
}

void append_limits(line_buffer& out, const host_limits& limits) {
  out << R"(,"host_limits":{"descriptors":)" << limits.descriptors;
  const auto append = [&](std::string_view name, const std::optional<std::uint64_t>& value) {
    if (value) out << ",\"" << name << "\":" << *value;
  };
  append("local_ports", limits.local_ports);
  append("neighbors", limits.neighbors);
  append("conntrack_max", limits.conntrack_max);
  append("conntrack_used", limits.conntrack_used);
  append("memory_kib", limits.memory_kib);
  out << '}';
}

void append_addresses(line_buffer& out, const std::vector<ip_address>& addresses) {
  out << '[';
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    if (i != 0) out << ',';
    append_address(out, addresses[i]);
  }
  out << ']';
}

/// A line is one write(2): a reader of the file, or of a pipe that several write to, sees whole
/// lines, and so does who reads what a killed scan has left.
class ndjson_writer final : public result_writer {
 public:
  explicit ndjson_writer(int fd) : output_(fd) {}

  error_code begin(const scan_header& h) override {
    line_buffer vantage;
    append_json_string(vantage, h.vantage);
    vantage_ = vantage.view();

    line_.clear();
    line_ << R"({"type":"scan","version":)";
    append_json_string(line_, h.version);
    line_ << R"(,"vantage":)" << vantage_ << R"(,"start":")" << time_(h.start) << R"(","sources":)";
    append_sources(line_, h.sources);
    line_ << R"(,"gateways":)";
    append_addresses(line_, h.gateways);
    line_ << R"(,"targets":)";
    append_list(line_, h.targets);
    line_ << R"(,"exclude":)";
    append_list(line_, h.exclude);
    line_ << R"(,"ports":)";
    append_json_string(line_, h.ports);
    line_ << R"(,"addresses":)" << h.addresses << R"(,"planned":)" << h.planned << R"(,"seed":)"
          << h.seed << R"(,"order":)";
    append_json_string(line_, h.order);
    line_ << R"(,"shard":{"index":)" << h.shard_index << R"(,"count":)" << h.shard_count
          << R"(},"plan_hash":)";
    append_json_string(line_, h.plan_hash);
    line_ << R"(,"options":{"timing":)";
    append_json_string(line_, h.timing);
    line_ << R"(,"timeout_ms":)" << h.timeout_ms << R"(,"retries":)" << h.retries << R"(,"rate":)"
          << h.rate << R"(,"concurrency":)" << h.concurrency << R"(,"threads":)" << h.threads
          << R"(,"per_address":)" << h.per_address << R"(,"per_network":)" << h.per_network << '}';
    if (h.limits) append_limits(line_, *h.limits);
    line_ << "}\n";
    return output_.write(line_.view());
  }

  error_code add(std::span<const probe_record> records) override {
    for (const probe_record& record : records) {
      line_.clear();
      append(record);
      if (const error_code error = output_.write(line_.view())) return error;
    }
    return {};
  }

  error_code end(const scan_summary& s) override {
    line_.clear();
    line_ << R"({"type":"summary","planned":)" << s.planned << R"(,"open":)" << s.open
          << R"(,"closed":)" << s.closed << R"(,"filtered":)" << s.filtered << R"(,"error":)"
          << s.error << R"(,"skipped":)" << s.skipped << R"(,"not_started":)" << s.not_started
          << R"(,"syns":)" << s.syns << R"(,"duration_ms":)" << s.duration_ms
          << R"(,"loss_estimate":)" << fraction_text(s.loss_estimate) << R"(,"complete":)"
          << std::string_view(s.complete ? "true" : "false") << "}\n";
    return output_.write(line_.view());
  }

 private:
  void append(const probe_record& r) {
    line_ << R"({"type":"probe","vantage":)" << vantage_ << ',';
    append_probe_members(line_, r, time_);
    line_ << "}\n";
  }

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
