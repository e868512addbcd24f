#include "netscan/diagnose/sight.hpp"

#include <fmt/format.h>

#include <array>

#include "netscan/target/printable.hpp"
#include "report/error_name.hpp"

namespace netscan {
namespace {

constexpr std::size_t longest_detail = 100;

// In the order of sight.
constexpr auto sight_words = std::to_array<std::string_view>(
    {"answers", "http-fails", "tls-fails", "closed", "rejected", "nobody", "no-route", "circle",
     "icmp-error", "silent", "no-name", "could-not-ask", "refused"});
static_assert(sight_words.size() == sight_count);

/// `open`, `closed`, `error`; of what is filtered the reason, which tells more.
std::string word_of(const probe_record& record) {
  const probe_state state = record.state();
  return std::string(state == probe_state::filtered ? to_string(record.reason) : to_string(state));
}

void take_probe(observation& seen, const probe_record& record, std::optional<bool> is_near) {
  seen.what = sight_of(record.reason, is_near);
  seen.word = word_of(record);
  seen.on_own_link = record.reason == probe_reason::no_neighbor && is_near == true;
  if (record.icmp) seen.sender = record.icmp->from;
  if (record.reason == probe_reason::local_error) {
    seen.detail = detail::error_text(record.local_errno);
  }
  seen.address = record.ip;
}

bool breaks_off(check_problem problem) {
  return problem == check_problem::timeout || problem == check_problem::closed ||
         problem == check_problem::reset;
}

/// A resolver that cannot be asked tells nothing of the name, and nothing of the network.
sight sight_of_dns(check_problem problem) {
  const bool is_unknown =
      problem == check_problem::name_not_found || problem == check_problem::no_usable_address;
  return is_unknown ? sight::no_name : sight::could_not_ask;
}

void take_layer(observation& seen, std::string_view layer, const layer_result& result) {
  seen.word = fmt::format("{} {}", layer, to_string(result.problem));
  seen.detail = printable(result.detail, longest_detail);
  seen.broken_off = breaks_off(result.problem);
}

void take_failure(observation& seen, const check_record& record) {
  const check_step& step = record.last();
  if (record.layer == check_layer::dns && step.dns) {
    take_layer(seen, "dns", *step.dns);
    seen.what = sight_of_dns(step.dns->problem);
  } else if (record.layer == check_layer::tcp && step.tcp && step.tcp->verdict() != nullptr) {
    take_probe(seen, *step.tcp->verdict(), std::nullopt);
  } else if (record.layer == check_layer::tls && step.tls) {
    take_layer(seen, "tls", *step.tls);
    seen.what = sight::tls_fails;
  } else if (record.layer == check_layer::http && step.http) {
    take_layer(seen, "http", *step.http);
    if (step.http->problem == check_problem::status) {
      seen.word = fmt::format("http {}", step.http->status);
    }
    seen.what = sight::http_fails;
  }
}

void say_where(observation& seen, const check_record& record) {
  if (record.steps.size() < 2) return;
  if (!seen.detail.empty()) seen.detail += ", ";
  seen.detail += "after a redirect to " + printable(record.last().url, longest_detail);
}

}  // namespace

std::string_view to_string(sight what) noexcept {
  return sight_words[static_cast<std::size_t>(what)];
}

sight sight_of(probe_reason reason, std::optional<bool> is_near) noexcept {
  if (is_rejection(reason)) return sight::rejected;
  switch (reason) {
    case probe_reason::syn_ack:
      return sight::answers;
    case probe_reason::conn_refused:
      return sight::closed;
    case probe_reason::no_response:
      return sight::silent;
    case probe_reason::host_unreach:
    case probe_reason::host_unknown:
      return sight::nobody;
    case probe_reason::no_neighbor:
      return is_near.value_or(true) ? sight::nobody : sight::no_route;
    case probe_reason::net_unreach:
    case probe_reason::net_unknown:
    case probe_reason::source_route_failed:
    case probe_reason::source_isolated:
    case probe_reason::net_tos_unreach:
    case probe_reason::host_tos_unreach:
    case probe_reason::beyond_scope:
      return sight::no_route;
    case probe_reason::time_exceeded:
      return sight::circle;
    case probe_reason::local_error:
      return sight::could_not_ask;
    default:
      return sight::icmp_error;
  }
}

std::string_view outcome_of(sight what) noexcept {
  switch (what) {
    case sight::answers:
      return "open";
    case sight::http_fails:
      return "http";
    case sight::tls_fails:
      return "tls";
    case sight::closed:
    case sight::refused:
      return "closed";
    case sight::no_name:
      return "no-name";
    case sight::could_not_ask:
      return "error";
    default:
      return "filtered";
  }
}

observation observe(const probe_record& record, std::string_view vantage,
                    std::optional<bool> is_near) {
  observation seen;
  seen.vantage = vantage;
  seen.time = record.time;
  take_probe(seen, record, is_near);
  return seen;
}

std::optional<observation> observe(const check_record& record) {
  if (record.outcome == check_outcome::stopped || record.steps.empty()) return std::nullopt;
  observation seen;
  seen.vantage = record.vantage;
  seen.time = record.time;
  seen.word = record.reason();
  const check_step& step = record.last();
  // The target's own addresses, not those of where a redirect led to.
  const std::optional<dns_result>& dns = record.steps.front().dns;
  if (dns && dns->source != name_source::literal) seen.addresses = dns->addresses;
  if (step.tcp && step.tcp->address) seen.address = step.tcp->address;
  if (step.tls && step.tls->certificate) seen.certificate = step.tls->certificate->sha256;
  if (record.outcome == check_outcome::ok) {
    seen.what = sight::answers;
  } else {
    take_failure(seen, record);
  }
  if (record.outcome == check_outcome::error) {
    seen.what = sight::could_not_ask;
    seen.word = "error";
    if (seen.detail.empty()) seen.detail = record.reason();
  }
  say_where(seen, record);
  return seen;
}

}  // namespace netscan
