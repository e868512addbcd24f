#include <fmt/format.h>

#include <optional>

#include "netscan/report/check_writer.hpp"
#include "utf8.hpp"

namespace netscan {
namespace {

/// As the exposition format escapes a label's value, which is UTF-8.
std::string label_value(std::string_view text) {
  std::string value;
  for (const char c : detail::to_valid_utf8(text)) {
    if (c == '\\') {
      value += "\\\\";
    } else if (c == '"') {
      value += "\\\"";
    } else if (c == '\n') {
      value += "\\n";
    } else {
      value += c;
    }
  }
  return value;
}

double in_seconds(std::uint64_t microseconds) {
  return static_cast<double>(microseconds) / 1e6;
}

double in_seconds(timestamp time) {
  return static_cast<double>(time.time_since_epoch().count()) / 1e3;
}

/// One metric after the other; the samples of one must stand together.
class exposition {
 public:
  explicit exposition(std::span<const check_record> records) : records_(records) {}

  /// A sample of each record for which there is a value. `labels` come behind target and vantage.
  template <typename Value, typename Labels>
  void metric(std::string_view name, std::string_view help, Value value, Labels labels) {
    std::string samples;
    for (const check_record& record : records_) {
      if (record.outcome == check_outcome::stopped) continue;
      const std::optional<double> number = value(record);
      if (!number) continue;
      samples += fmt::format("{}{{vantage=\"{}\",target=\"{}\"{}}} {}\n", name,
                             label_value(record.vantage), label_value(record.target),
                             labels(record), *number);
    }
    if (samples.empty()) return;
    text_ += fmt::format("# HELP {} {}\n# TYPE {} gauge\n{}", name, help, name, samples);
  }

  template <typename Value>
  void metric(std::string_view name, std::string_view help, Value value) {
    metric(name, help, value, [](const check_record&) { return std::string(); });
  }

  std::string text() && { return std::move(text_); }

 private:
  std::span<const check_record> records_;
  std::string text_;
};

std::optional<double> certificate_end(const check_record& record) {
  if (!record.last().tls || !record.last().tls->certificate) return std::nullopt;
  return in_seconds(record.last().tls->certificate->not_after);
}

std::optional<double> certificate_verified(const check_record& record) {
  if (!record.last().tls || !record.last().tls->certificate) return std::nullopt;
  return record.last().tls->verified ? 1 : 0;
}

std::optional<double> status(const check_record& record) {
  if (!record.last().http || record.last().http->status == 0) return std::nullopt;
  return record.last().http->status;
}

/// How long the layer took in the last step.
template <typename Layer>
auto layer_seconds(Layer check_step::*layer) {
  return [layer](const check_record& record) -> std::optional<double> {
    const Layer& result = record.last().*layer;
    return result ? std::optional(in_seconds(result->duration_us)) : std::nullopt;
  };
}

}  // namespace

std::string prometheus_text(std::span<const check_record> records) {
  exposition out(records);
  out.metric("netscan_check_ok", "1 when all that was asked for was there, else 0.",
             [](const check_record& r) -> std::optional<double> {
               return r.outcome == check_outcome::ok ? 1 : 0;
             });
  out.metric(
      "netscan_check_reason", "Always 1; the labels say how the check ended.",
      [](const check_record&) -> std::optional<double> { return 1; },
      [](const check_record& r) {
        return fmt::format(R"(,outcome="{}",layer="{}",reason="{}")", to_string(r.outcome),
                           r.layer ? to_string(*r.layer) : "", r.reason());
      });
  out.metric(
      "netscan_check_duration_seconds", "How long the whole check took.",
      [](const check_record& r) -> std::optional<double> { return in_seconds(r.duration_us); });
  out.metric("netscan_check_dns_seconds", "How long the name lookup took.",
             layer_seconds(&check_step::dns));
  out.metric("netscan_check_tcp_seconds", "How long the connection took.",
             layer_seconds(&check_step::tcp));
  out.metric("netscan_check_tls_seconds", "How long the TLS handshake took.",
             layer_seconds(&check_step::tls));
  out.metric("netscan_check_http_seconds", "How long the HTTP request and its answer took.",
             layer_seconds(&check_step::http));
  out.metric("netscan_check_http_status", "The HTTP status of the answer.", status);
  out.metric("netscan_check_certificate_verified",
             "1 when the certificate is trusted and for this name, else 0.", certificate_verified);
  out.metric("netscan_check_certificate_not_after_seconds",
             "When the certificate ends, in seconds since 1970.", certificate_end);
  out.metric("netscan_check_time_seconds", "When the check began, in seconds since 1970.",
             [](const check_record& r) -> std::optional<double> { return in_seconds(r.time); });
  return std::move(out).text();
}

}  // namespace netscan
