#include "netscan/check/check_record.hpp"

#include "probe/words.hpp"

namespace netscan {
namespace {

// In the order of name_source.
constexpr auto source_words = std::to_array<std::string_view>({"literal", "given", "resolver"});

/// How much a verdict tells: an answer more than silence, silence more than not having asked.
int weight_of(const probe_record& attempt) noexcept {
  if (attempt.reason == probe_reason::syn_ack) return 3;
  if (attempt.reason == probe_reason::no_response) return 1;
  return attempt.state() == probe_state::error ? 0 : 2;
}

}  // namespace

std::string_view to_string(name_source source) noexcept {
  return detail::word(source_words, source);
}

std::optional<name_source> parse_name_source(std::string_view text) noexcept {
  return detail::parse_word<name_source>(source_words, text);
}

const probe_record* tcp_result::verdict() const noexcept {
  const probe_record* best = nullptr;
  for (const probe_record& attempt : attempts) {
    if (best == nullptr || weight_of(attempt) > weight_of(*best)) best = &attempt;
  }
  return best;
}

bool http_result::is_redirect() const noexcept {
  const bool has_meaning =
      status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  return has_meaning && !location.empty();
}

std::optional<probe_reason> check_record::tcp_reason() const noexcept {
  if (steps.empty() || !last().tcp) return std::nullopt;
  const probe_record* const verdict = last().tcp->verdict();
  return verdict == nullptr ? std::nullopt : std::optional(verdict->reason);
}

std::string_view check_record::reason() const noexcept {
  if (outcome == check_outcome::ok || outcome == check_outcome::stopped) return to_string(outcome);
  if (problem != check_problem::connect) return to_string(problem);
  const std::optional<probe_reason> reason = tcp_reason();
  return to_string(reason.value_or(probe_reason::local_error));
}

}  // namespace netscan
