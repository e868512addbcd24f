#include "pool_entries.hpp"

#include <fmt/format.h>

#include <map>

#include "aggregate.hpp"
#include "report/time_text.hpp"
#include "report/yaml_text.hpp"

namespace netscan::detail {
namespace {

bool never_given_out(const ip_address& address, const pool_options& options) {
  const auto last_octet = address.low() & 0xff;
  return options.avoid_buggy_ips && address.is_v4() && (last_octet == 0 || last_octet == 255);
}

std::string explanation(const candidate& judged, const pool_options& options) {
  std::string text = judged.reason;
  for (const std::string& caveat : judged.caveats) text += "; " + caveat;
  if (never_given_out(judged.address, options)) {
    text += "; MetalLB never gives it out, as avoid-buggy-ips is on";
  }
  return yaml_comment(text);
}

/// For an entry of several addresses: how many, and each different explanation once.
std::vector<std::string> explanations(const address_range& range, const candidate_list& list,
                                      const pool_options& options) {
  if (range.first == range.last) return {explanation(*find(list, range.first), options)};
  std::vector<std::string> order;
  std::map<std::string, std::size_t> count;
  std::size_t total = 0;
  for (ip_address address = range.first;; address = advance(address, 1)) {
    std::string text = explanation(*find(list, address), options);
    ++total;
    if (++count[text] == 1) order.push_back(std::move(text));
    if (address == range.last) break;
  }
  if (order.size() == 1) return {fmt::format("{} addresses, each: {}", total, order.front())};
  std::vector<std::string> lines = {fmt::format("{} addresses:", total)};
  for (const std::string& text : order) {
    lines.push_back(fmt::format("  {} of them: {}", count[text], text));
  }
  return lines;
}

}  // namespace

std::vector<pool_entry> pool_entries(const candidate_list& list, const pool_options& options) {
  std::vector<pool_entry> entries;
  for (const address_range& range : aggregate(list.chosen, options.aggregate)) {
    entries.push_back(
        {yaml_scalar(entry_text(range, options.aggregate)), explanations(range, list, options)});
  }
  return entries;
}

std::vector<std::string> pool_origin(const candidate_list& list, const pool_options& options) {
  const std::size_t count = list.chosen.size();
  std::vector<std::string> lines = {
      fmt::format("MetalLB pool {}: {} address{}, --select {} on ports {}", options.name, count,
                  count == 1 ? "" : "es", to_string(list.selection), to_string(list.ports))};
  for (const candidate_source& source : list.sources) {
    lines.push_back(yaml_comment(
        fmt::format("{} scan from {}, {}, {}", source.owner ? "owner" : "client", source.vantage,
                    time_text()(source.start), made_by(source.scanner, source.version))));
  }
  return lines;
}

}  // namespace netscan::detail
