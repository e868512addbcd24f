#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "duration_text.hpp"
#include "error_name.hpp"
#include "netscan/report/check_writer.hpp"
#include "netscan/target/printable.hpp"
#include "time_text.hpp"
#include "wrapped_text.hpp"

namespace netscan {
namespace {

using detail::duration_text;

constexpr std::size_t longest_text = 200;
constexpr std::size_t most_names = 8;
constexpr std::string_view indent = "        ";

std::string shown(std::string_view text) {
  return printable(text, longest_text);
}

/// `2026-12-24`
std::string day_text(timestamp time) {
  return std::string(detail::time_text()(time).substr(0, 10));
}

std::string days_from(timestamp from, timestamp to) {
  const auto days = std::chrono::floor<std::chrono::days>(to - from).count();
  return fmt::format("{} day{}", days, days == 1 ? "" : "s");
}

std::string coloured_outcome(check_outcome outcome, bool colour) {
  constexpr std::array<std::string_view, 4> colours = {"32", "31", "35", "33"};
  std::string word = fmt::format("{:<6}", to_string(outcome));
  if (!colour) return word;
  return fmt::format("\033[{}m{}\033[0m", colours[static_cast<std::size_t>(outcome)], word);
}

/// The lines about the layers of a step, each layer's under its name.
class layer_text {
 public:
  layer_text(const check_record& record, unsigned width) : record_(record), width_(width) {}

  std::string of(const check_step& step) && {
    if (record_.steps.size() > 1) text_ += fmt::format("  {}\n", shown(step.url));
    if (step.dns) dns(*step.dns);
    if (step.tcp) tcp(*step.tcp);
    if (step.tls) tls(*step.tls);
    if (step.http) http(*step.http);
    return std::move(text_);
  }

 private:
  /// A line under the name of the layer, which stands before the first of its lines only.
  void line(std::string_view layer, std::string_view words) {
    detail::wrapped_text wrapped(width_, "", " ", std::string(indent) + "  ");
    wrapped.begin_with(fmt::format("  {:<6}", layer));
    wrapped.add_words(words);
    text_ += wrapped.text();
  }

  void failure(const layer_result& layer) {
    if (layer.outcome == check_outcome::ok) {
      if (!layer.detail.empty()) line("", shown(layer.detail));
      return;
    }
    std::string words = fmt::format("{}: {}", to_string(layer.outcome), to_string(layer.problem));
    if (layer.outcome == check_outcome::stopped) words = to_string(layer.outcome);
    if (!layer.detail.empty()) words += fmt::format(" ({})", shown(layer.detail));
    line("", words);
  }

  void dns(const dns_result& r) {
    std::string words =
        r.addresses.empty() ? "no address" : fmt::format("{}", fmt::join(r.addresses, ", "));
    if (r.source == name_source::given) words += " (given)";
    if (r.source == name_source::resolver) words += "; " + duration_text(r.duration_us);
    line("dns", words);
    failure(r);
  }

  void tcp(const tcp_result& r) {
    std::string_view name = "tcp";
    for (const probe_record& attempt : r.attempts) {
      line(name, attempt_text(attempt));
      name = "";
    }
    for (const ip_address& address : r.overtaken) {
      line(name, fmt::format("{} port {} had not answered yet", address, r.port));
      name = "";
    }
    if (r.attempts.empty() && r.overtaken.empty()) line(name, "nothing was sent");
    if (r.problem != check_problem::connect) failure(r);
    if (!r.banner.empty()) line("", fmt::format("says: {}", shown(trimmed(r.banner))));
  }

  static std::string attempt_text(const probe_record& r) {
    std::string words =
        fmt::format("{} port {} {}, {}", r.ip, r.port, to_string(r.state()), to_string(r.reason));
    if (r.icmp) {
      words += fmt::format(" from {} (ICMP {}/{})", r.icmp->from, r.icmp->type, r.icmp->code);
    }
    if (r.reason == probe_reason::local_error) {
      words += fmt::format(" ({})", detail::error_text(r.local_errno));
    }
    if (r.rtt_us) words += "; " + duration_text(*r.rtt_us);
    return words;
  }

  void tls(const tls_result& r) {
    std::string words =
        r.version.empty() ? "no session" : fmt::format("{}, {}", r.version, r.cipher);
    if (!r.alpn.empty()) words += ", " + shown(r.alpn);
    line("tls", fmt::format("{}; {}", words, duration_text(r.duration_us)));
    if (r.certificate) certificate(*r.certificate);
    if (r.problem != r.verify_problem || r.outcome == check_outcome::stopped) failure(r);
    if (!r.verified && r.verify_problem != check_problem::none) {
      line("",
           fmt::format("not good: {} ({})", to_string(r.verify_problem), shown(r.verify_detail)));
    }
  }

  void certificate(const certificate_info& c) {
    std::string names;
    for (std::size_t i = 0; i < std::min(c.names.size(), most_names); ++i) {
      names += (i == 0 ? "" : ", ") + shown(c.names[i]);
    }
    if (c.names.size() > most_names) {
      names += fmt::format(" and {} more", c.names.size() - most_names);
    }
    // A certificate may do without a subject (RFC 5280 4.1.2.6).
    std::string words = c.subject.empty() ? "no subject" : shown(c.subject);
    if (!names.empty()) words += ", for " + names;
    line("", words);
    line("", c.issuer == c.subject ? "issued by itself" : "issued by " + shown(c.issuer));
    const bool has_ended = c.not_after < record_.time;
    line("",
         fmt::format("valid from {} to {}, {} {}", day_text(c.not_before), day_text(c.not_after),
                     has_ended ? days_from(c.not_after, record_.time)
                               : days_from(record_.time, c.not_after),
                     has_ended ? "ago" : "from now"));
  }

  void http(const http_result& r) {
    std::string words = r.status == 0 ? "no answer" : fmt::format("{}", r.status);
    if (!r.status_text.empty()) words += ' ' + shown(r.status_text);
    for (const std::string* text : {&r.server, &r.content_type}) {
      if (!text->empty()) words += ", " + shown(*text);
    }
    if (r.status != 0) {
      words += fmt::format(", {} byte{}{}", r.body_bytes, r.body_bytes == 1 ? "" : "s",
                           r.body_cut ? " and more" : "");
    }
    line("http", fmt::format("{}; {}", words, duration_text(r.duration_us)));
    if (!r.location.empty()) line("", "location: " + shown(r.location));
    if (!r.title.empty()) line("", "title: " + shown(r.title));
    failure(r);
  }

  static std::string_view trimmed(std::string_view text) {
    const std::size_t end = text.find_last_not_of("\r\n");
    return text.substr(0, end == text.npos ? 0 : end + 1);
  }

  const check_record& record_;
  unsigned width_;
  std::string text_;
};

}  // namespace

std::string check_text(const check_record& record, const check_text_options& options) {
  std::string text = fmt::format("{}  {}: {}\n", coloured_outcome(record.outcome, options.colour),
                                 shown(record.target), printable(record.summary));
  if (!options.layers) return text;
  for (const check_step& step : record.steps) {
    text += layer_text(record, options.width).of(step);
  }
  return text;
}

}  // namespace netscan
