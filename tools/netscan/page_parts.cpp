#include "page_parts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <set>
#include <string_view>

#include "netscan/diagnose/reachability_output.hpp"

namespace netscan::cli {
namespace {

// Of one group of endpoints; --format json has all.
constexpr std::size_t most_blocks = 12;

page_verdict accepted_verdict(const candidate& judged, std::string_view word) {
  return {{{judged.address, judged.address}},
          true,
          judged.kind ? fmt::format("{}, {}", word, to_string(*judged.kind)) : std::string(word),
          judged.reason,
          judged.caveats};
}

/// In the order of the first address with each reason.
std::vector<page_verdict> refused_verdicts(const candidate_list& list) {
  std::vector<page_verdict> verdicts;
  std::map<std::string_view, std::size_t> index;
  for (const candidate& judged : list.judged) {
    if (judged.accepted) continue;
    const auto [place, is_new] = index.try_emplace(judged.reason, verdicts.size());
    if (is_new) verdicts.push_back({{}, false, "refused", judged.reason, {}});
    verdicts[place->second].addresses.push_back({judged.address, judged.address});
  }
  for (page_verdict& verdict : verdicts) {
    const address_set set = address_set::of(std::move(verdict.addresses));
    verdict.addresses.assign(set.ranges().begin(), set.ranges().end());
  }
  return verdicts;
}

std::string endpoints_of(const comparison_group& group) {
  const std::string addresses = to_string(group.blocks, most_blocks);
  std::string targets = fmt::format("{}", fmt::join(group.targets, ", "));
  return targets.empty() || addresses.empty() ? targets + addresses : targets + ", " + addresses;
}

page_reach page_reach_of(const reach_cell& cell) {
  if (cell.what == reach::unknown) return page_reach::unknown;
  if (cell.what == reach::reached) return page_reach::reached;
  if (cell.met == sight::silent) return page_reach::silent;
  return cell.met == sight::nobody ? page_reach::nobody : page_reach::rejected;
}

}  // namespace

page_candidates page_candidates_of(const candidate_list& list) {
  page_candidates page;
  page.question =
      fmt::format("Addresses that could carry the service: --select {} on ports {}; {} taken.",
                  to_string(list.selection), to_string(list.ports), list.chosen.size());
  page.advice = list.advice;
  const std::set<ip_address> chosen(list.chosen.begin(), list.chosen.end());
  for (const ip_address& address : list.chosen) {
    page.verdicts.push_back(accepted_verdict(*find(list, address), "taken"));
  }
  for (const candidate& judged : list.judged) {
    if (!judged.accepted || chosen.contains(judged.address)) continue;
    page.verdicts.push_back(accepted_verdict(judged, "left out"));
  }
  std::vector<page_verdict> refused = refused_verdicts(list);
  page.verdicts.insert(page.verdicts.end(), std::make_move_iterator(refused.begin()),
                       std::make_move_iterator(refused.end()));
  return page;
}

void add_to_page(page_options& page, const comparison& comparison) {
  page.difference_vantages = comparison.vantages;
  for (const comparison_group& group : comparison.groups) {
    if (!group.differ && !group.names_differ) continue;
    page_difference difference{endpoints_of(group), {}, group.diagnosis.sentence};
    for (std::size_t i = 0; i < group.seen.size(); ++i) {
      const observation* const seen = group.seen.common(i);
      difference.seen.push_back(seen != nullptr ? seen->word : "not asked");
    }
    page.differences.push_back(std::move(difference));
  }
  if (!comparison.is_known()) {
    page.agreement = "Nothing is known of any endpoint that several were asked about.";
  } else if (comparison.unknown != 0) {
    page.agreement = fmt::format(
        "They agree on every endpoint that several were asked about, but for {} of which nothing "
        "is known.",
        comparison.unknown);
  }
  if (comparison.matrix) page.matrix = page_matrix_of(*comparison.matrix);
}

page_matrix page_matrix_of(const reachability& matrix) {
  page_matrix page;
  page.summary =
      fmt::format("{} vantages x {} endpoint{}: {} pairs reached, {} cut, {} unknown",
                  matrix.vantages.size(), matrix.endpoints, matrix.endpoints == 1 ? "" : "s",
                  matrix.reached, matrix.cut_off, matrix.unknown);
  for (const target_group& group : matrix.target_groups) {
    page.groups.push_back(to_string(group.blocks, most_blocks));
  }
  for (const std::vector<std::size_t>& vantages : matrix.vantage_groups) {
    for (const std::size_t vantage : vantages) {
      page_matrix_row& row = page.rows.emplace_back();
      row.vantage = matrix.vantages[vantage];
      for (const reach_cell& cell : matrix.cells[vantage]) row.cells.push_back(page_reach_of(cell));
    }
  }
  for (const cut& one : matrix.cuts) {
    page.cuts.push_back({to_string(one.blocks, most_blocks), one.sentence});
  }
  return page;
}

}  // namespace netscan::cli
