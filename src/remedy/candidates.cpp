#include "netscan/remedy/candidates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "advice.hpp"
#include "judge.hpp"
#include "netscan/target/status.hpp"
#include "probe/words.hpp"

namespace netscan {
namespace {

constexpr std::array<std::string_view, 3> selection_words = {"open", "free", "passable"};
constexpr std::array<std::string_view, 3> kind_words = {"open", "free", "closed"};

absl::Status check(std::span<const scan_results> clients, const candidate_options& options) {
  if (clients.empty()) return invalid_argument("no client scan: candidates come from one at least");
  if (options.ports.empty()) return invalid_argument("no required ports: give one at least");
  if (options.max == 0u) return invalid_argument("a maximum of 0 addresses leaves no candidate");
  return absl::OkStatus();
}

void add_sources(std::span<const scan_results> scans, bool owner, candidate_list& list) {
  for (const scan_results& scan : scans) {
    const scan_header& header = scan.header;
    candidate_source source{header.vantage, header.scanner, header.version, header.start, owner};
    if (std::find(list.sources.begin(), list.sources.end(), source) == list.sources.end()) {
      list.sources.push_back(std::move(source));
    }
  }
}

void add_scan_notices(std::span<const scan_results> scans, std::string_view role,
                      candidate_list& list) {
  for (const scan_results& scan : scans) {
    if (scan.header.is_foreign()) {
      // Whether all was asked, its reader has said.
      list.notices.push_back(
          fmt::format("the {} scan from {} ({}) is {}'s, which does not name its host's addresses "
                      "and gateways: --exclude keeps them out of the pool",
                      role, scan.header.vantage, scan.source, scan.header.scanner));
      continue;
    }
    const auto notice = [&](std::string_view what) {
      list.notices.push_back(fmt::format("the {} scan from {} ({}) {}: addresses may be missing",
                                         role, scan.header.vantage, scan.source, what));
    };
    if (!scan.summary) {
      notice("was cut off, it has no summary");
    } else if (!scan.summary->complete) {
      notice(fmt::format("is not complete, {} of {} probes ended",
                         scan.summary->ended() + scan.summary->skipped, scan.summary->planned));
    }
  }
}

void add_tarpit_notices(const detail::tarpits_seen& tarpits, const detail::sightings& clients,
                        candidate_list& list) {
  constexpr std::size_t most_named = 4;
  for (std::size_t vantage = 0; vantage < tarpits.by_vantage().size(); ++vantage) {
    const std::vector<tarpit>& found = tarpits.by_vantage()[vantage];
    const std::string& name = clients.vantages()[vantage];
    for (std::size_t i = 0; i < std::min(found.size(), most_named); ++i) {
      list.notices.push_back(fmt::format("from {}, {}", name, to_string(found[i])));
    }
    if (found.size() > most_named) {
      list.notices.push_back(
          fmt::format("from {}, {} more look like one", name, found.size() - most_named));
    }
  }
}

void choose(const candidate_options& options, candidate_list& list) {
  std::set<ip_address> preferred;
  for (const ip_address& address : options.prefer) {
    if (!preferred.insert(address).second) continue;
    const candidate* judged = find(list, address);
    if (judged != nullptr && judged->accepted) {
      list.chosen.push_back(address);
    } else {
      list.notices.push_back(fmt::format("the preferred {} is not taken: {}", address,
                                         judged ? judged->reason : "no client scan asked it"));
    }
  }
  for (const candidate& judged : list.judged) {
    if (judged.accepted && !preferred.contains(judged.address)) {
      list.chosen.push_back(judged.address);
    }
  }
  if (options.max && list.chosen.size() > *options.max) list.chosen.resize(*options.max);
}

}  // namespace

std::string_view to_string(candidate_selection selection) noexcept {
  return detail::word(selection_words, selection);
}

std::string_view to_string(candidate_kind kind) noexcept {
  return detail::word(kind_words, kind);
}

std::optional<candidate_selection> parse_candidate_selection(std::string_view text) noexcept {
  return detail::parse_word<candidate_selection>(selection_words, text);
}

const candidate* find(const candidate_list& list, const ip_address& address) noexcept {
  const auto found = std::lower_bound(
      list.judged.begin(), list.judged.end(), address,
      [](const candidate& judged, const ip_address& a) { return judged.address < a; });
  return found != list.judged.end() && found->address == address ? &*found : nullptr;
}

absl::StatusOr<candidate_list> find_candidates(std::span<const scan_results> clients,
                                               std::span<const scan_results> owners,
                                               const candidate_options& options) {
  if (const absl::Status status = check(clients, options); !status.ok()) return status;
  const detail::sightings client_sightings(clients);
  const detail::sightings owner_sightings(owners);
  detail::reserved_addresses reserved(options.exclude, options.nodes);
  reserved.add(clients);
  reserved.add(owners);
  const detail::tarpits_seen tarpits(clients, client_sightings);
  const detail::case_file file{client_sightings, owner_sightings, tarpits, reserved, options};

  candidate_list list;
  list.selection = options.selection;
  list.ports = options.ports;
  add_sources(clients, false, list);
  add_sources(owners, true, list);
  add_scan_notices(clients, "client", list);
  add_scan_notices(owners, "owner", list);
  add_tarpit_notices(tarpits, client_sightings, list);
  std::vector<detail::verdict> verdicts;
  for (const ip_address& address : client_sightings.addresses()) {
    verdicts.push_back(detail::judge(address, file));
    list.judged.push_back(verdicts.back().judged);
  }
  choose(options, list);
  if (list.chosen.empty()) list.advice = detail::advise(verdicts, clients, options);
  return list;
}

}  // namespace netscan
