#include "reach_words.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "view.hpp"

namespace netscan::detail {
namespace {

constexpr std::size_t most_manners = 4;

std::string listed_addresses(const std::vector<ip_address>& addresses) {
  std::vector<std::string> texts;
  texts.reserve(addresses.size());
  for (const ip_address& address : addresses) texts.push_back(to_string(address));
  return listed(texts);
}

/// `rejected by 192.168.77.1 (admin-prohibited, 6)`, `no-response (2)`.
std::string manner_text(const cut_manner& manner) {
  const std::string_view word = to_string(manner.reason);
  const std::string sender = manner.by_target ? "the targets themselves"
                             : manner.sender  ? to_string(*manner.sender)
                                              : "";
  if (sender.empty()) return fmt::format("{} ({})", word, manner.pairs);
  if (manner.what != sight::rejected) {
    return fmt::format("{} from {} ({})", word, sender, manner.pairs);
  }
  return fmt::format("rejected by {} ({}, {})", sender, word, manner.pairs);
}

std::string manners_text(const std::vector<cut_manner>& manners) {
  const std::size_t shown = manners.size() > most_manners ? most_manners - 1 : manners.size();
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) {
    text += (i == 0 ? "" : ", ") + manner_text(manners[i]);
  }
  if (shown < manners.size()) text += fmt::format(", and {} more ways", manners.size() - shown);
  return text;
}

bool ended_in(const cut& cut, sight what) {
  return std::any_of(cut.manners.begin(), cut.manners.end(),
                     [what](const cut_manner& manner) { return manner.what == what; });
}

bool ended_only_in(const cut& cut, sight what) {
  return std::all_of(cut.manners.begin(), cut.manners.end(),
                     [what](const cut_manner& manner) { return manner.what == what; });
}

/// What cuts the groups off, behind what was seen; empty when that says it already.
std::string conclusion_of_groups(const cut& cut) {
  if (!ended_in(cut, sight::silent)) return "";
  const std::string_view what = ended_only_in(cut, sight::silent) ? "" : "what is silent is ";
  if (cut.last_routers.empty()) return fmt::format("{}dropped by something on the way", what);
  return fmt::format("{}dropped at or behind {}", what, listed_addresses(cut.last_routers));
}

std::string conclusion_of(const cut& cut, std::uint64_t unknown) {
  const bool is_one = cut.vantages.size() == 1;
  switch (cut.kind) {
    case cut_kind::vantages_reach_nothing:
      // Of a few of many that stands for nothing.
      if (unknown > cut.pairs) return "";
      return is_one ? "cut off as a whole" : "each cut off as a whole";
    case cut_kind::reached_by_nobody:
      if (cut.is_free) return "";
      if (ended_only_in(cut, sight::nobody)) return "nobody has the address";
      return is_one ? "down, or closed to it" : "down, or closed to all";
    case cut_kind::groups_cut_off:
      break;
  }
  return conclusion_of_groups(cut);
}

std::string subject_of(const cut& cut, const std::vector<std::string>& vantages) {
  std::vector<std::string> names;
  for (const std::size_t vantage : cut.vantages) names.push_back(vantages[vantage]);
  const bool is_one = names.size() == 1;
  switch (cut.kind) {
    case cut_kind::vantages_reach_nothing:
      return fmt::format("{} reach{} nothing of what others reach", listed(names),
                         is_one ? "es" : "");
    case cut_kind::reached_by_nobody:
      // Others may have asked too, and not be told of here: they could not, or it is not clear.
      return (is_one
                  ? fmt::format("not reached by {}, nor known to be from elsewhere", listed(names))
                  : fmt::format("reached by none of {} vantages", names.size())) +
             (cut.is_free ? ", and free: on its link nobody has the address" : "");
    case cut_kind::groups_cut_off:
      break;
  }
  return fmt::format("{} {} cut off from what others reach", listed(names), is_one ? "is" : "are");
}

}  // namespace

void put_into_words(cut& cut, const std::vector<std::string>& vantages,
                    std::uint64_t unknown_beyond) {
  const std::uint64_t unknown = cut.unknown + unknown_beyond;
  cut.sentence = fmt::format("{}: {}", subject_of(cut, vantages), manners_text(cut.manners));
  if (!cut.last_routers.empty()) {
    cut.sentence += fmt::format("; traces end after {}", listed_addresses(cut.last_routers));
  }
  const std::string conclusion = conclusion_of(cut, unknown);
  cut.inferred = !conclusion.empty();
  if (cut.inferred) cut.sentence += "; inferred: " + conclusion;
  if (unknown != 0) {
    cut.sentence += fmt::format(" ({} of the {} pairs {} not known)", unknown, cut.pairs + unknown,
                                unknown == 1 ? "is" : "are");
  }
}

}  // namespace netscan::detail
