#include "netscan/check/check_reason.hpp"

#include "probe/words.hpp"

namespace netscan {
namespace {

// Each in the order of its enumeration.
constexpr auto layer_words = std::to_array<std::string_view>({"dns", "tcp", "tls", "http"});
constexpr auto outcome_words =
    std::to_array<std::string_view>({"ok", "failed", "error", "stopped"});
constexpr auto problem_words = std::to_array<std::string_view>({
    "none",
    "timeout",
    "closed",
    "reset",
    "local-error",
    "resolver-failed",
    "name-not-found",
    "no-usable-address",
    "connect",
    "not-tls",
    "handshake",
    "cert-self-signed",
    "cert-untrusted",
    "cert-expired",
    "cert-not-yet-valid",
    "cert-name-mismatch",
    "cert-invalid",
    "not-http",
    "header-too-large",
    "status",
    "text",
    "bad-redirect",
    "redirect-limit",
});
static_assert(layer_words.size() == static_cast<std::size_t>(check_layer::http) + 1);
static_assert(outcome_words.size() == static_cast<std::size_t>(check_outcome::stopped) + 1);
static_assert(problem_words.size() == static_cast<std::size_t>(check_problem::redirect_limit) + 1);

}  // namespace

std::string_view to_string(check_layer layer) noexcept {
  return detail::word(layer_words, layer);
}

std::string_view to_string(check_outcome outcome) noexcept {
  return detail::word(outcome_words, outcome);
}

std::string_view to_string(check_problem problem) noexcept {
  return detail::word(problem_words, problem);
}

std::optional<check_layer> parse_check_layer(std::string_view text) noexcept {
  return detail::parse_word<check_layer>(layer_words, text);
}

std::optional<check_outcome> parse_check_outcome(std::string_view text) noexcept {
  return detail::parse_word<check_outcome>(outcome_words, text);
}

std::optional<check_problem> parse_check_problem(std::string_view text) noexcept {
  return detail::parse_word<check_problem>(problem_words, text);
}

}  // namespace netscan
