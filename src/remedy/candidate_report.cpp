#include "netscan/remedy/candidate_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "indented_text.hpp"
#include "json_text.hpp"
#include "netscan/target/printable.hpp"
#include "report/time_text.hpp"

namespace netscan {
namespace {

std::string counted(std::size_t count) {
  return fmt::format("{} address{}", count, count == 1 ? "" : "es");
}

/// `10.0.0.2-10.0.0.10, 10.0.0.12, ...`, in lines that begin with `indent`, without the last line's
/// end.
std::string range_lines(const std::vector<ip_address>& addresses, std::string_view indent) {
  std::vector<address_range> singles;
  singles.reserve(addresses.size());
  for (const ip_address& address : addresses) singles.push_back({address, address});
  const address_set set = address_set::of(std::move(singles));
  detail::indented_text lines(indent, ",");
  for (const address_range& range : set.ranges()) {
    lines.add(range.first == range.last ? to_string(range.first)
                                        : fmt::format("{}-{}", range.first, range.last));
  }
  std::string text = lines.text();
  text.pop_back();
  return text;
}

std::string accepted_lines(const candidate& judged) {
  std::string text = fmt::format("  {}\n{}", judged.address,
                                 detail::indented_words(printable(judged.reason), "    "));
  for (const std::string& caveat : judged.caveats) {
    text += detail::indented_words("! " + printable(caveat), "    ");
  }
  return text;
}

/// Addresses with one reason, in the order of their first one.
struct refused_group {
  const std::string* reason;
  std::vector<ip_address> addresses;
};

std::vector<refused_group> group_refused(const candidate_list& list) {
  std::vector<refused_group> groups;
  std::map<std::string_view, std::size_t> index;
  for (const candidate& judged : list.judged) {
    if (judged.accepted) continue;
    const auto [place, is_new] = index.try_emplace(judged.reason, groups.size());
    if (is_new) groups.push_back({&judged.reason, {}});
    groups[place->second].addresses.push_back(judged.address);
  }
  return groups;
}

std::string refused_lines(const candidate_list& list) {
  std::string text;
  for (const refused_group& group : group_refused(list)) {
    text += range_lines(group.addresses, "  ");
    if (group.addresses.size() > 1) text += fmt::format("  ({})", group.addresses.size());
    text += '\n' + detail::indented_words(printable(*group.reason), "    ");
  }
  return text;
}

boost::json::array scans_of(const candidate_list& list) {
  boost::json::array scans;
  for (const candidate_source& source : list.sources) {
    scans.push_back({{"role", source.owner ? "owner" : "client"},
                     {"vantage", detail::json_string(source.vantage)},
                     {"start", detail::time_text()(source.start)},
                     {"scanner", detail::json_string(source.scanner)},
                     {"version", detail::json_string(source.version)}});
  }
  return scans;
}

boost::json::object json_of(const candidate& judged) {
  boost::json::value kind;
  if (judged.kind) kind = std::string(to_string(*judged.kind));
  return {{"ip", to_string(judged.address)},
          {"accepted", judged.accepted},
          {"kind", std::move(kind)},
          {"reason", detail::json_string(judged.reason)},
          {"caveats", detail::json_strings(judged.caveats)}};
}

}  // namespace

std::string candidates_text(const candidate_list& list) {
  const std::set<ip_address> chosen(list.chosen.begin(), list.chosen.end());
  const auto refused = static_cast<std::size_t>(std::count_if(
      list.judged.begin(), list.judged.end(), [](const candidate& c) { return !c.accepted; }));
  const std::size_t left_out = list.judged.size() - refused - list.chosen.size();

  std::string text =
      fmt::format("--select {} on ports {}: {} of {} taken\n", to_string(list.selection),
                  to_string(list.ports), list.chosen.size(), counted(list.judged.size()));
  if (!list.chosen.empty()) text += "\ntaken\n";
  for (const ip_address& address : list.chosen) text += accepted_lines(*find(list, address));
  if (left_out > 0) text += fmt::format("\naccepted, and left out by --max: {}\n", left_out);
  for (const candidate& judged : list.judged) {
    if (judged.accepted && !chosen.contains(judged.address)) text += accepted_lines(judged);
  }
  if (refused > 0) text += fmt::format("\nrefused: {}\n{}", refused, refused_lines(list));
  if (!list.advice.empty()) text += '\n' + detail::indented_words(printable(list.advice), "");
  return text;
}

std::string candidates_json(const candidate_list& list) {
  boost::json::array chosen;
  for (const ip_address& address : list.chosen)
    chosen.push_back(boost::json::string(to_string(address)));
  boost::json::array addresses;
  for (const candidate& judged : list.judged) addresses.push_back(json_of(judged));
  return detail::json_text({{"type", "candidates"},
                            {"select", std::string(to_string(list.selection))},
                            {"ports", to_string(list.ports)},
                            {"scans", scans_of(list)},
                            {"chosen", std::move(chosen)},
                            {"addresses", std::move(addresses)},
                            {"notices", detail::json_strings(list.notices)},
                            {"advice", detail::json_string(list.advice)}});
}

}  // namespace netscan
