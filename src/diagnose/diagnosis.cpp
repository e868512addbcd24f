#include "netscan/diagnose/diagnosis.hpp"

#include <algorithm>

#include "facts.hpp"
#include "rules.hpp"

namespace netscan {
namespace {

/// Whether the two have no address in common, by the families that both have.
bool are_apart(const std::vector<ip_address>& a, const std::vector<ip_address>& b) {
  bool comparable = false;
  for (const ip_address& one : a) {
    for (const ip_address& other : b) {
      if (one == other) return false;
      comparable |= one.family() == other.family();
    }
  }
  return comparable;
}

}  // namespace

std::string_view to_string(diagnosis_kind kind) noexcept {
  return detail::diagnosis_rules()[static_cast<std::size_t>(kind)].word;
}

bool differ(std::span<const observation> seen) noexcept {
  return std::any_of(seen.begin(), seen.end(), [&](const observation& one) {
    return outcome_of(one.what) != outcome_of(seen.front().what);
  });
}

bool resolves_differently(std::span<const observation> seen) {
  for (std::size_t i = 0; i < seen.size(); ++i) {
    for (std::size_t j = i + 1; j < seen.size(); ++j) {
      if (are_apart(seen[i].addresses, seen[j].addresses)) return true;
    }
  }
  return false;
}

diagnosis diagnose(const scene& scene) {
  const detail::view view(scene);
  const std::span<const detail::rule> rules = detail::diagnosis_rules();
  const auto rule = std::find_if(rules.begin(), rules.end() - 1,
                                 [&](const detail::rule& r) { return r.applies(view); });
  detail::conclusion conclusion = rule->conclude(view);
  // Views of different times say less of each other.
  if (differ(scene.seen) && view.is_far_apart()) conclusion.inferred = true;

  const std::string traces = detail::trace_facts(view);
  diagnosis result{rule->kind, detail::facts(view), false, !traces.empty()};
  if (result.traced) result.sentence += "; " + traces;
  if (conclusion.text.empty()) return result;
  result.inferred = conclusion.inferred;
  result.sentence += (result.inferred ? "; inferred: " : ": ") + conclusion.text;
  return result;
}

}  // namespace netscan
