#include "facts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace netscan::detail {
namespace {

constexpr std::size_t most_clauses = 6;

/// Not by its name when it is the endpoint's: the sentence may be of a group of endpoints.
std::string sender_of(const observation& seen) {
  if (!seen.sender) return "somebody unknown";
  return seen.sender == seen.address ? "the address itself" : to_string(*seen.sender);
}

/// What all of `seen`, alike in all that a clause tells, came to; `names` are their vantages.
std::string clause(const observation& seen, const std::string& names) {
  const std::string more = seen.detail.empty() ? "" : ": " + seen.detail;
  switch (seen.what) {
    case sight::answers:
      return fmt::format("answers at {}", names);
    case sight::http_fails:
      return fmt::format("HTTP fails from {} ({}{})", names, seen.word, more);
    case sight::tls_fails:
      return fmt::format("TLS fails from {} ({}{})", names, seen.word, more);
    case sight::closed:
      return fmt::format("closed from {}", names);
    case sight::refused:
      return fmt::format("refused from {}, by a RST or a REJECT", names);
    case sight::rejected:
      return fmt::format("rejected by {} from {} ({})", sender_of(seen), names, seen.word);
    case sight::nobody:
      if (seen.sender && seen.word != to_string(probe_reason::no_neighbor)) {
        return fmt::format("{} finds nobody there from {} ({})", sender_of(seen), names, seen.word);
      }
      return fmt::format("nobody answers on the link of {} ({})", names, seen.word);
    case sight::no_route:
      if (seen.word == to_string(probe_reason::no_neighbor)) {
        return fmt::format("the router of {} does not answer ({})", names, seen.word);
      }
      return fmt::format("{} leads no further from {} ({})", sender_of(seen), names, seen.word);
    case sight::circle:
      return fmt::format("lost at {} from {} ({})", sender_of(seen), names, seen.word);
    case sight::icmp_error:
      return fmt::format("an error of {} from {} ({})", sender_of(seen), names, seen.word);
    case sight::silent:
      return fmt::format("silent from {}", names);
    case sight::no_name:
      return fmt::format("no such name at {} ({})", names, seen.word);
    case sight::could_not_ask:
      break;
  }
  return fmt::format("{} could not ask ({})", names, seen.detail.empty() ? seen.word : seen.detail);
}

/// `10.0.0.216`, `10.0.0.216 and 10.0.0.217`.
std::string address_list(const std::vector<ip_address>& addresses) {
  std::vector<std::string> texts;
  texts.reserve(addresses.size());
  for (const ip_address& address : addresses) texts.push_back(to_string(address));
  return listed(texts);
}

/// What the name stands for, where that differs: `the name is 10.0.0.216 at node, 10.0.0.232 at
/// pc`.
std::string names_clause(const view& view) {
  std::vector<std::pair<std::string, std::vector<std::string>>> by_addresses;
  for (const observation& seen : view.of().seen) {
    if (seen.addresses.empty()) continue;
    const std::string addresses = address_list(seen.addresses);
    auto found = std::find_if(by_addresses.begin(), by_addresses.end(),
                              [&](const auto& entry) { return entry.first == addresses; });
    if (found == by_addresses.end()) found = by_addresses.insert(found, {addresses, {}});
    found->second.push_back(seen.vantage);
  }
  std::string text = "the name is";
  for (const auto& [addresses, vantages] : by_addresses) {
    text +=
        fmt::format("{} {} at {}", text.ends_with("is") ? "" : ",", addresses, listed(vantages));
  }
  return text;
}

/// How the trace ended; `one` and `many` are the verb's forms.
std::string ending(const trace_record& trace, bool several) {
  const std::string_view ends = several ? "end" : "ends";
  const probe_record& end = *trace.end;
  if (end.state() == probe_state::open || end.state() == probe_state::closed) {
    return fmt::format("{} it ({})", several ? "reach" : "reaches", to_string(end.state()));
  }
  if (end.reason == probe_reason::no_response) {
    const trace_hop* const alive = last_alive(trace);
    if (alive == nullptr)
      return fmt::format("{} no router that answers", several ? "meet" : "meets");
    return fmt::format("{} after {}", ends, fmt::join(routers_of(*alive), " and "));
  }
  if (!end.icmp)
    return fmt::format("{} on the vantage's own link ({})", ends, to_string(end.reason));
  const std::optional<std::uint8_t> hop = hop_of(trace, end.icmp->from);
  return fmt::format("{} at {}{} ({})", ends, end.icmp->from,
                     hop ? fmt::format(", hop {}", *hop) : "", to_string(end.reason));
}

bool wants_trace(sight what) {
  return what != sight::answers && what != sight::http_fails && what != sight::tls_fails &&
         what != sight::could_not_ask && what != sight::no_name;
}

std::string joined(const std::vector<std::string>& clauses) {
  const std::size_t shown = std::min(clauses.size(), most_clauses);
  std::string text = fmt::format(
      "{}", fmt::join(clauses.begin(), clauses.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
  if (shown < clauses.size()) text += fmt::format(", and {} more", clauses.size() - shown);
  return text;
}

}  // namespace

std::string facts(const view& view) {
  std::vector<std::string> clauses;
  for (std::uint8_t i = 0; i < sight_count; ++i) {
    // Those alike in what the clause tells are one, in the order of the first of each.
    std::vector<std::pair<const observation*, std::vector<std::string>>> alike;
    for (const observation* const seen : view.by(static_cast<sight>(i))) {
      const auto same = [&](const auto& entry) {
        return clause(*entry.first, "") == clause(*seen, "");
      };
      auto found = std::find_if(alike.begin(), alike.end(), same);
      if (found == alike.end()) found = alike.insert(found, {seen, {}});
      found->second.push_back(seen->vantage);
    }
    for (const auto& [seen, vantages] : alike) clauses.push_back(clause(*seen, listed(vantages)));
  }
  std::string text = joined(clauses);
  if (resolves_differently(view.of().seen)) text += "; " + names_clause(view);
  if (view.is_far_apart()) text += "; looked at more than 10 minutes apart";
  return text;
}

std::string trace_facts(const view& view) {
  std::vector<std::pair<const trace_record*, std::vector<std::string>>> alike;
  for (const observation& seen : view.of().seen) {
    const trace_record* const trace = wants_trace(seen.what) ? view.trace_of(seen) : nullptr;
    if (trace == nullptr) continue;
    const auto same = [&](const auto& entry) {
      return entry.first->port == trace->port &&
             ending(*entry.first, false) == ending(*trace, false);
    };
    auto found = std::find_if(alike.begin(), alike.end(), same);
    if (found == alike.end()) found = alike.insert(found, {trace, {}});
    found->second.push_back(seen.vantage);
  }
  std::vector<std::string> clauses;
  for (const auto& [trace, vantages] : alike) {
    const bool several = vantages.size() > 1;
    std::string text = fmt::format("{} from {}", several ? "traces" : "trace", listed(vantages));
    if (trace->port != view.of().port) text += fmt::format(" to port {}", trace->port);
    clauses.push_back(text + ' ' + ending(*trace, several));
  }
  return joined(clauses);
}

}  // namespace netscan::detail
