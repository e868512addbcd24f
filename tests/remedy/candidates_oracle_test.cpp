// find_candidates() against the rules written out a second time, over random observations.
//
// The oracle is slow and plain on purpose: it asks for each address, port and vantage all records
// there are, and shares nothing with the code under test but the data types.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <set>

#include "lab_results.hpp"
#include "netscan/remedy/candidates.hpp"
#include "rounds.hpp"

namespace netscan {
namespace {

using testing::ip;
using testing::lan;
using testing::scan_of;
using testing::seen;

using scans = std::vector<scan_results>;

struct world {
  scans clients;
  scans owners;
  candidate_options options;
};

class world_maker {
 public:
  explicit world_maker(unsigned seed) : random_(seed) {}

  world make() {
    world w;
    for (const char* vantage : {"pc", "home"}) {
      if (w.clients.empty() || chance(30)) w.clients.push_back(scan(vantage, false));
    }
    if (chance(30)) w.clients.push_back(scan("pc", false));
    if (chance(60)) w.owners.push_back(scan("node", true));
    if (chance(20)) w.owners.push_back(scan("node2", true));
    w.options.selection = static_cast<candidate_selection>(below(3));
    if (chance(30)) w.options.exclude = address_set::of({{lan(4), lan(5)}});
    if (chance(30)) w.options.ours = address_set::of({{lan(6), lan(8)}});
    if (chance(20)) w.options.ports = parse_ports("80").value();
    w.options.allow_tarpit = chance(20);
    return w;
  }

 private:
  unsigned below(unsigned bound) { return static_cast<unsigned>(random_() % bound); }
  bool chance(unsigned percent) { return below(100) < percent; }

  scan_results scan(std::string vantage, bool owner) {
    scan_results result = scan_of(std::move(vantage), {}, chance(50) ? 1100 : 4000);
    result.summary->complete = chance(90);
    all_open_ = !owner && chance(20);
    for (std::uint32_t last = 0; last < 16; ++last) {
      for (const std::uint16_t port : {std::uint16_t{22}, std::uint16_t{80}, std::uint16_t{443}}) {
        if (chance(96)) result.probes.push_back(record(lan(last), port, owner));
        if (chance(10)) result.probes.push_back(record(lan(last), port, owner));
      }
    }
    const bool on_the_link = chance(owner ? 80 : 30);
    if (chance(80)) {
      result.header.sources = {{ip(on_the_link ? "10.0.0.3" : "192.168.77.2"), 28, "eth0"}};
    }
    if (chance(50)) result.header.targets = {"10.0.0.0/29", "10.0.0.12-10.0.0.14"};
    if (chance(50)) result.header.gateways = {lan(9)};
    return result;
  }

  probe_record record(const ip_address& address, std::uint16_t port, bool owner) {
    using enum probe_reason;
    // Weighted so that every rule has a fair share of addresses that get as far as it.
    static constexpr probe_reason from_client[] = {
        syn_ack,      syn_ack,      syn_ack,          syn_ack,      conn_refused, conn_refused,
        conn_refused, host_unreach, host_unreach,     host_unreach, host_unreach, no_neighbor,
        no_response,  local_error,  admin_prohibited, port_unreach, net_unreach};
    static constexpr probe_reason from_owner[] = {
        no_neighbor, no_neighbor, no_neighbor,  no_neighbor, no_response,
        no_response, syn_ack,     conn_refused, local_error, host_unreach};
    const probe_reason usual = owner ? from_owner[below(std::size(from_owner))]
                                     : from_client[below(std::size(from_client))];
    const probe_reason reason = all_open_ && chance(99) ? syn_ack : usual;
    const bool by_icmp = state_of(reason) == probe_state::filtered && reason != no_response;
    std::optional<ip_address> sender;
    if (by_icmp) sender = chance(1) ? address : ip("192.168.77.1");
    probe_record result = seen(address, port, reason, sender, below(4'000'000));
    result.time = timestamp(std::chrono::milliseconds(below(3)));
    return result;
  }

  std::mt19937 random_;
  bool all_open_ = false;  // what the client's scan is of
};

class oracle {
 public:
  explicit oracle(const world& w) : w_(w) {}

  bool accepts(const ip_address& address) const {
    if (never(address)) return false;
    int open = 0, closed = 0, nobody = 0;
    for (const std::string& vantage : vantages(w_.clients)) {
      for (std::uint32_t i = 0; i < w_.options.ports.size(); ++i) {
        const std::string_view word = saw(w_.clients, vantage, address, w_.options.ports.at(i));
        if (word == "syn-ack") {
          ++open;
        } else if (word == "conn-refused") {
          ++closed;
        } else if (word == "host-unreach" || word == "no-neighbor") {
          ++nobody;
        } else {
          return false;
        }
      }
    }
    const bool owned = owners_have(address, {"syn-ack", "conn-refused"});
    const bool unowned = !owned && owners_have(address, {"no-neighbor"});
    if (closed > 0 && unowned) return false;
    if (is_in_tarpit(address)) return false;
    switch (w_.options.selection) {
      case candidate_selection::open:
        return closed == 0 && nobody == 0;
      case candidate_selection::free:
        return nobody > 0 && !owned;
      case candidate_selection::passable:
        return true;
    }
    return false;
  }

 private:
  static std::set<std::string> vantages(const scans& all) {
    std::set<std::string> names;
    for (const scan_results& scan : all) names.insert(scan.header.vantage);
    return names;
  }

  /// All of this lies in one /24. What the rule sees of an endpoint is what counts of it, if that
  /// came from a scan that is complete.
  bool is_in_tarpit(const ip_address& address) const {
    if (w_.options.ours.contains(address) || w_.options.allow_tarpit) return false;
    for (const std::string& vantage : vantages(w_.clients)) {
      bool is_open = false;
      for (std::uint32_t i = 0; i < w_.options.ports.size(); ++i) {
        is_open |= saw(w_.clients, vantage, address, w_.options.ports.at(i)) == "syn-ack";
      }
      if (is_open && is_tarpit(vantage)) return true;
    }
    return false;
  }

  bool is_tarpit(const std::string& vantage) const {
    double addresses = 0, all_open = 0, probes = 0, open = 0;
    for (std::uint32_t last = 0; last < 16; ++last) {
      double asked = 0, answered = 0;
      for (const std::uint16_t port : {std::uint16_t{22}, std::uint16_t{80}, std::uint16_t{443}}) {
        bool complete = false;
        const std::string_view word = saw(w_.clients, vantage, lan(last), port, &complete);
        if (!complete || word == "local-error") continue;
        ++asked;
        answered += word == "syn-ack";
      }
      addresses += asked > 0;
      all_open += asked > 0 && asked == answered;
      probes += asked;
      open += answered;
    }
    return addresses >= 16 && all_open / addresses >= 0.9 && open / probes >= 0.9;
  }

  static int rank(std::string_view word) {
    return word == "local-error" ? 0 : word == "no-response" ? 1 : 2;
  }

  /// The reason that counts; `off-link` for a no-neighbor that is about a next hop.
  static std::string_view saw(const scans& all, const std::string& vantage,
                              const ip_address& address, std::uint16_t port,
                              bool* complete = nullptr) {
    const probe_record* best = nullptr;
    std::string_view word = "not scanned";
    for (const scan_results& scan : all) {
      if (scan.header.vantage != vantage) continue;
      for (const probe_record& record : scan.probes) {
        if (record.ip != address || record.port != port) continue;
        const std::string_view reason = to_string(record.reason);
        if (best != nullptr) {
          const int before = rank(to_string(best->reason));
          if (rank(reason) < before) continue;
          if (rank(reason) == before && record.time < best->time) continue;
        }
        best = &record;
        if (complete != nullptr) *complete = scan.summary->complete;
        const bool off =
            !scan.header.sources.empty() && scan.header.sources[0].address == ip("192.168.77.2");
        word = off && reason == "no-neighbor" ? "off-link" : reason;
      }
    }
    return word;
  }

  bool owners_have(const ip_address& address, const std::set<std::string_view>& words) const {
    for (const std::string& vantage : vantages(w_.owners)) {
      for (const std::uint16_t port : {std::uint16_t{22}, std::uint16_t{80}, std::uint16_t{443}}) {
        if (words.contains(saw(w_.owners, vantage, address, port))) return true;
      }
    }
    return false;
  }

  bool never(const ip_address& address) const {
    if (w_.options.exclude.contains(address)) return true;
    for (const scans* all : {&w_.clients, &w_.owners}) {
      for (const scan_results& scan : *all) {
        if (never_by(scan, address)) return true;
      }
    }
    return false;
  }

  static bool never_by(const scan_results& scan, const ip_address& address) {
    for (const probe_record& record : scan.probes) {
      if (record.icmp && record.icmp->from == address) return true;
    }
    const scan_header& header = scan.header;
    if (!header.targets.empty() && (address == lan(0) || address == lan(7))) return true;
    if (!header.gateways.empty() && address == lan(9)) return true;
    if (header.sources.empty() || header.sources[0].address != lan(3)) return false;
    return address == lan(3) || address == lan(0) || address == lan(15);
  }

  const world& w_;
};

TEST(candidates, agree_with_the_rules_written_out_a_second_time) {
  std::size_t accepted = 0;
  std::size_t judged = 0;
  for (unsigned seed = 1; seed <= testing::rounds(4000); ++seed) {
    const world w = world_maker(seed).make();
    const candidate_list list = find_candidates(w.clients, w.owners, w.options).value();
    const oracle truth(w);
    for (const candidate& one : list.judged) {
      ++judged;
      accepted += one.accepted;
      ASSERT_EQ(one.accepted, truth.accepts(one.address))
          << fmt::format("seed {}: {} {}", seed, one.address, one.reason);
    }
  }
  // The random worlds must exercise both answers, or the agreement says little.
  EXPECT_GT(accepted, judged / 20);
  EXPECT_LT(accepted, judged / 2);
}

TEST(candidates, have_one_line_of_reason_a_choice_that_is_accepted_and_advice_when_empty) {
  for (unsigned seed = 1; seed <= 1000; ++seed) {
    const world w = world_maker(seed).make();
    const candidate_list list = find_candidates(w.clients, w.owners, w.options).value();
    std::size_t accepted = 0;
    for (const candidate& one : list.judged) {
      accepted += one.accepted;
      EXPECT_FALSE(one.reason.empty());
      EXPECT_EQ(one.reason.find('\n'), std::string::npos);
      EXPECT_TRUE(one.kind || !one.accepted);
    }
    EXPECT_EQ(list.chosen.size(), accepted);
    EXPECT_TRUE(std::is_sorted(list.chosen.begin(), list.chosen.end()));
    EXPECT_EQ(list.advice.empty(), accepted > 0) << "seed " << seed;
  }
}

TEST(candidates, are_the_same_for_the_same_scans) {
  const world w = world_maker(7).make();
  const candidate_list once = find_candidates(w.clients, w.owners, w.options).value();
  const candidate_list again = find_candidates(w.clients, w.owners, w.options).value();
  EXPECT_EQ(once.judged, again.judged);
  EXPECT_EQ(once.advice, again.advice);
}

}  // namespace
}  // namespace netscan
