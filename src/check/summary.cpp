#include "summary.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstring>
#include <system_error>

#include "netscan/target/printable.hpp"

namespace netscan::detail {
namespace {

constexpr std::size_t longest_text = 120;

std::string shown(std::string_view text) {
  return printable(text, longest_text);
}

std::string where(const check_step& step) {
  return step.tcp && step.tcp->address ? to_string(*step.tcp->address) : "?";
}

/// `Network is unreachable (ENETUNREACH)`
std::string errno_text(int error) {
  const char* const name = ::strerrorname_np(error);
  const std::string words = std::generic_category().message(error);
  return name == nullptr ? words : fmt::format("{} ({})", words, name);
}

/// `admin-prohibited from 192.168.77.1`, `no-response`.
std::string reason_text(const probe_record& verdict) {
  std::string text(to_string(verdict.reason));
  if (verdict.reason == probe_reason::no_neighbor) {
    return text + ", nobody answers for it on this host's link";
  }
  if (verdict.icmp) {
    text += fmt::format(" from {} (ICMP {}/{})", verdict.icmp->from, verdict.icmp->type,
                        verdict.icmp->code);
  }
  return text;
}

std::string seconds_text(std::uint64_t microseconds) {
  return fmt::format("{:.3g} s", static_cast<double>(microseconds) / 1e6);
}

std::string dns_failure(const check_record& r, const dns_result& dns) {
  const std::string host = shown(r.host);
  switch (dns.problem) {
    case check_problem::name_not_found:
      return fmt::format("the name {} is not known: {}", host, shown(dns.detail));
    case check_problem::no_usable_address:
      return fmt::format("{} has no address to connect to: {}", host, shown(dns.detail));
    case check_problem::timeout:
      return fmt::format("this host could not look up {}: no answer from its resolver in {}", host,
                         seconds_text(dns.duration_us));
    default:
      return fmt::format("this host could not look up {}: {}", host, shown(dns.detail));
  }
}

std::string tcp_failure(const check_step& step, const tcp_result& tcp) {
  const probe_record* const verdict = tcp.verdict();
  if (verdict == nullptr) return fmt::format("this host could not connect: {}", shown(tcp.detail));
  std::string text = fmt::format("{} port {} is {}: {}", verdict->ip, verdict->port,
                                 to_string(verdict->state()), reason_text(*verdict));
  if (verdict->reason == probe_reason::local_error) {
    text = fmt::format("this host could not ask {} port {}: {}", verdict->ip, verdict->port,
                       errno_text(verdict->local_errno));
  }
  if (verdict->reason == probe_reason::no_response) {
    text += " in " + seconds_text(tcp.duration_us);
  }
  const std::size_t others = tcp.attempts.size() - 1;
  if (others != 0) {
    text +=
        fmt::format("; {} other address{} did not answer better", others, others == 1 ? "" : "es");
  }
  const std::size_t untried = step.dns->addresses.size() - tcp.attempts.size();
  if (step.dns->addresses.size() > tcp.attempts.size()) {
    text += fmt::format("; {} not tried", untried);
  }
  return text;
}

/// What the problem means at this layer, said of the server.
std::string problem_text(check_problem problem, std::string_view layer, std::uint64_t duration_us) {
  switch (problem) {
    case check_problem::timeout:
      return fmt::format("no complete answer in {}", seconds_text(duration_us));
    case check_problem::closed:
      return fmt::format("the server closed the connection in the middle of {}", layer);
    case check_problem::reset:
      return fmt::format("the connection was reset in the middle of {}", layer);
    case check_problem::local_error:
      return "this host could not go on";
    case check_problem::not_tls:
      return "the server does not speak TLS there";
    case check_problem::handshake:
      return "no agreement in the TLS handshake";
    case check_problem::not_http:
      return "the answer is not HTTP";
    case check_problem::header_too_large:
      return "the header of the answer has no end";
    case check_problem::text:
      return "the expected text is not in the body";
    case check_problem::bad_redirect:
      return "it redirects to what cannot be followed";
    case check_problem::redirect_limit:
      return "it redirects again and again";
    default:
      return std::string(to_string(problem));
  }
}

/// OpenSSL's words, and for another name the names it is for.
std::string certificate_text(const tls_result& tls) {
  std::string text = shown(tls.verify_detail);
  if (tls.verify_problem != check_problem::cert_name_mismatch || !tls.certificate) return text;
  const std::vector<std::string>& names = tls.certificate->names;
  text += fmt::format(", it is for {}", names.empty()
                                            ? shown(tls.certificate->subject)
                                            : shown(fmt::format("{}", fmt::join(names, ", "))));
  return text;
}

std::string tls_failure(const check_step& step, const tls_result& tls) {
  std::string text = fmt::format("{} is open, TLS fails: ", where(step));
  if (tls.problem == check_problem::cert_invalid && !tls.certificate) {
    return text + fmt::format("the certificate cannot be read ({})", shown(tls.detail));
  }
  if (tls.problem == tls.verify_problem) {
    return text + "the certificate is not good: " + certificate_text(tls);
  }
  text += problem_text(tls.problem, "the handshake", tls.duration_us);
  if (!tls.detail.empty()) text += fmt::format(" ({})", shown(tls.detail));
  return text;
}

std::string status_text(const http_result& http) {
  std::string text = fmt::format("{}", http.status);
  if (!http.status_text.empty()) text += ' ' + shown(http.status_text);
  return text;
}

std::string http_failure(const check_step& step, const http_result& http) {
  std::string what;
  if (http.problem == check_problem::status) {
    what = "answers " + status_text(http);
  } else {
    what = problem_text(http.problem, "the answer", http.duration_us);
  }
  std::string text = fmt::format("{} is open, HTTP fails: {}", where(step), what);
  if (!http.detail.empty()) text += fmt::format(" ({})", shown(http.detail));
  if (http.status != 0 && http.problem != check_problem::status) {
    text += fmt::format("; the status was {}", status_text(http));
  }
  return text;
}

std::string success(const check_record& r) {
  const check_step& step = r.last();
  if (!step.tls && !step.http) return fmt::format("{} port {} is open", where(step), r.port);
  std::string text = where(step);
  if (step.http) {
    text += " answers " + status_text(*step.http);
    if (step.http->is_redirect()) text += ", to " + shown(step.http->location);
  } else {
    text += " speaks " + step.tls->version;
  }
  if (step.tls && !step.tls->verified) {
    text += "; the certificate is not good: " + certificate_text(*step.tls);
  }
  return text;
}

std::string failure(const check_record& r) {
  const check_step& step = r.last();
  switch (*r.layer) {
    case check_layer::dns:
      return dns_failure(r, *step.dns);
    case check_layer::tcp:
      return tcp_failure(step, *step.tcp);
    case check_layer::tls:
      return tls_failure(step, *step.tls);
    case check_layer::http:
      return http_failure(step, *step.http);
  }
  return {};
}

}  // namespace

std::string summarize(const check_record& r) {
  std::string text;
  if (r.outcome == check_outcome::stopped) return "stopped before it had an answer";
  if (r.steps.size() > 1) {
    text = fmt::format("after {} redirect{}, {}: ", r.steps.size() - 1,
                       r.steps.size() == 2 ? "" : "s", shown(r.last().url));
  }
  return text + (r.outcome == check_outcome::ok ? success(r) : failure(r));
}

}  // namespace netscan::detail
