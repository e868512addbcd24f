#include "judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "arp_wait.hpp"
#include "caveats.hpp"
#include "describe.hpp"
#include "observation.hpp"
#include "owners.hpp"

namespace netscan::detail {
namespace {

bool any(const std::vector<observation>& observations, meaning means) {
  return std::any_of(observations.begin(), observations.end(),
                     [means](const observation& seen) { return seen.means == means; });
}

bool lets_through(const observation& seen) {
  return seen.means == meaning::open || seen.means == meaning::closed ||
         seen.means == meaning::nobody;
}

/// What keeps the address from being let through; the worst first, as that is what must change.
obstacle obstacle_of(const std::vector<observation>& observations, const owner_evidence& owner) {
  if (any(observations, meaning::blocked)) return obstacle::blocked;
  if (any(observations, meaning::silent)) {
    const bool hasty = std::any_of(observations.begin(), observations.end(), was_too_hasty);
    return hasty && owner.who != ownership::somebody ? obstacle::too_hasty : obstacle::silent;
  }
  if (any(observations, meaning::unclear)) return obstacle::unclear;
  if (any(observations, meaning::not_asked)) return obstacle::not_asked;
  if (any(observations, meaning::not_scanned)) return obstacle::not_scanned;
  return obstacle::none;
}

std::string explain_silence(const observation& seen, const owner_evidence& owner) {
  if (owner.who == ownership::somebody) return "blocked: somebody is there, " + owner.text;
  if (!was_too_hasty(seen)) return "blocked, or the answer was lost";
  return fmt::format(
      "blocked, or nobody there and the scan's timeout of {} ms is below the 3.1 s that ARP takes: "
      "--timeout 4s would tell",
      seen.seen->header->timeout_ms);
}

std::string evidence_against(const std::vector<observation>& observations,
                             const description& describe) {
  std::vector<observation> telling;
  std::copy_if(observations.begin(), observations.end(), std::back_inserter(telling),
               [](const observation& seen) { return !lets_through(seen); });
  return describe(telling);
}

candidate_kind kind_of(const std::vector<observation>& observations, const owner_evidence& owner) {
  if (any(observations, meaning::nobody)) {
    return owner.who == ownership::somebody ? candidate_kind::closed : candidate_kind::free;
  }
  return any(observations, meaning::closed) ? candidate_kind::closed : candidate_kind::open;
}

bool wanted(candidate_kind kind, candidate_selection selection) {
  switch (selection) {
    case candidate_selection::open:
      return kind == candidate_kind::open;
    case candidate_selection::free:
      return kind == candidate_kind::free;
    case candidate_selection::passable:
      return true;
  }
  return false;
}

std::string_view finding(candidate_kind kind, bool contradicted) {
  if (contradicted) return "passed, but somebody owns it";
  switch (kind) {
    case candidate_kind::open:
      return "passed, and somebody answers there";
    case candidate_kind::free:
      return "passed, and nobody is there";
    case candidate_kind::closed:
      return "passed, and something answers there";
  }
  return "";
}

/// Sets kind, reason and caveats of an address that the firewall lets through.
verdict conclude(verdict result, const std::vector<observation>& observations,
                 const owner_evidence& owner, const description& describe, const case_file& file) {
  candidate& judged = result.judged;
  const candidate_kind kind = kind_of(observations, owner);
  const bool contradicted = any(observations, meaning::nobody) && owner.who == ownership::somebody;
  judged.kind = kind;
  judged.accepted = wanted(kind, file.options.selection);
  judged.reason = fmt::format("{}; {}", describe(observations), finding(kind, contradicted));
  if (contradicted) judged.reason += fmt::format(" ({})", owner.text);
  if (kind == candidate_kind::free && owner.who == ownership::nobody) {
    judged.reason += fmt::format(", as the owner scan confirms ({})", owner.text);
  }
  if (!judged.accepted) {
    result.by = obstacle::selection;
    judged.reason +=
        fmt::format(": {}, and --select is {}", to_string(kind), to_string(file.options.selection));
  }
  judged.caveats =
      caveats_of({observations, owner, kind, file.options.ours.contains(judged.address), describe});
  return result;
}

verdict refuse(verdict result, obstacle by, std::string reason) {
  result.by = by;
  result.judged.reason = std::move(reason);
  return result;
}

}  // namespace

verdict judge(const ip_address& address, const case_file& file) {
  verdict result;
  result.judged.address = address;
  if (auto why = file.reserved.why(address)) {
    return refuse(std::move(result), obstacle::reserved, "never taken: " + *why);
  }
  const std::vector<observation> observations = observe(file.clients, address, file.options.ports);
  const owner_evidence owner = ask_owners(file.owners, address);
  const description describe{
      .vantages = file.clients.vantages(),
      .name_vantages = file.clients.vantages().size() > 1,
      .on_silence = [&](const observation& seen) { return explain_silence(seen, owner); }};

  if (const obstacle by = obstacle_of(observations, owner); by != obstacle::none) {
    return refuse(std::move(result), by, evidence_against(observations, describe));
  }
  // A closed address that the owners find nobody at looks like a free one. But a RST needs a
  // sender: with nobody there it is the firewall's own, a rule that rejects with tcp reset, and
  // then that port is blocked.
  if (any(observations, meaning::closed) && owner.who == ownership::nobody) {
    return refuse(
        std::move(result), obstacle::blocked,
        fmt::format("{}; but nobody is there ({}), so a firewall forges the RST (inferred)",
                    describe(observations), owner.text));
  }
  // The firewall may let it through or not: what answers is in its way, or answers for everybody.
  const tarpit* const tarpit = file.tarpits.behind(address, observations);
  const bool ours = file.options.ours.contains(address);
  if (tarpit != nullptr && !ours && !file.options.allow_tarpit) {
    return refuse(std::move(result), obstacle::tarpit,
                  fmt::format("{}; but {}", describe(observations), to_string(*tarpit)));
  }
  result = conclude(std::move(result), observations, owner, describe, file);
  if (tarpit != nullptr) result.judged.caveats.push_back(to_string(*tarpit));
  return result;
}

}  // namespace netscan::detail
