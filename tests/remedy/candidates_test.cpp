#include "netscan/remedy/candidates.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "lab_results.hpp"
#include "netscan/target/status.hpp"

namespace netscan {
namespace {

using testing::ip;
using testing::lab_node;
using testing::lab_pc;
using testing::lan;
using testing::scan_of;
using testing::seen;

using enum probe_reason;

using scans = std::vector<scan_results>;

const ip_address fw = ip("192.168.77.1");
const ip_address vip = ip("10.0.0.7");

candidate_list found(const scans& clients, const scans& owners = {},
                     const candidate_options& options = {}) {
  return find_candidates(clients, owners, options).value();
}

candidate_options select(candidate_selection selection) {
  return {.selection = selection};
}

/// The one address of a scan from `pc` that saw it so on 80 and 443.
candidate judged(probe_record on_80, probe_record on_443, const scans& owners = {},
                 candidate_selection selection = candidate_selection::passable) {
  const scans clients = {scan_of("pc", {on_80, on_443})};
  const candidate_list list = found(clients, owners, select(selection));
  return *find(list, on_80.ip);
}

probe_record on(std::uint16_t port, probe_reason reason) {
  return seen(vip, port, reason);
}

probe_record unreachable(std::uint16_t port, std::uint32_t rtt_us = 3'050'000) {
  return seen(vip, port, host_unreach, fw, rtt_us);
}

scans node_saw(probe_reason reason, std::uint16_t port = 80) {
  return {scan_of("node", {seen(vip, port, reason)})};
}

bool has_text(const std::vector<std::string>& texts, std::string_view part) {
  for (const std::string& text : texts) {
    if (text.find(part) != text.npos) return true;
  }
  return false;
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != text.npos;
}

std::vector<ip_address> lan_all(std::initializer_list<std::uint32_t> octets) {
  std::vector<ip_address> result;
  for (const std::uint32_t last : octets) result.push_back(lan(last));
  return result;
}

// --- the lab ---

TEST(the_lab, open_is_exactly_232_and_249) {
  EXPECT_EQ(found({lab_pc(1100)}).chosen, lan_all({232, 249}));
  EXPECT_EQ(found({lab_pc()}, {lab_node()}).chosen, lan_all({232, 249}));
}

TEST(the_lab, free_is_240_and_241_but_not_242_whose_port_80_is_dropped) {
  const candidate_list list = found({lab_pc()}, {lab_node()}, select(candidate_selection::free));
  EXPECT_EQ(list.chosen, lan_all({240, 241}));
  EXPECT_EQ(
      find(list, lan(240))->reason,
      "80,443: host-unreach from 192.168.77.1; passed, and nobody is there, as the owner scan "
      "confirms (node 80,443: no-neighbor)");
  EXPECT_TRUE(find(list, lan(240))->caveats.empty());
  EXPECT_EQ(find(list, lan(242))->reason, "80: no-response (blocked, or the answer was lost)");
}

TEST(the_lab, passable_with_owners_is_what_is_open_free_or_closed) {
  const candidate_list list =
      found({lab_pc()}, {lab_node()}, select(candidate_selection::passable));
  EXPECT_EQ(list.chosen, lan_all({50, 232, 240, 241, 249}));
}

TEST(the_lab, resets_forged_by_the_firewall_pass_for_hosts_without_an_owner_scan) {
  const candidate_list list = found({lab_pc()}, {}, select(candidate_selection::passable));
  EXPECT_EQ(list.chosen, lan_all({50, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 232, 240, 241, 249}));
  const candidate& forged = *find(list, lan(85));
  EXPECT_EQ(forged.kind, candidate_kind::closed);
  EXPECT_TRUE(has_text(forged.caveats, "a firewall may forge the RST: an owner scan"));
  EXPECT_TRUE(has_text(forged.caveats, "in use: it must be yours"));
}

TEST(the_lab, resets_forged_by_the_firewall_are_refused_when_owners_find_nobody) {
  const candidate_list list =
      found({lab_pc()}, {lab_node()}, select(candidate_selection::passable));
  for (std::uint32_t last = 80; last <= 89; ++last) {
    EXPECT_FALSE(find(list, lan(last))->accepted);
    EXPECT_EQ(find(list, lan(last))->reason,
              "80,443: conn-refused; but nobody is there (node 80,443: no-neighbor), so a firewall "
              "forges the RST (inferred)");
  }
}

TEST(the_lab, every_rejection_names_its_reason_and_its_sender) {
  const candidate_list list = found({lab_pc()});
  EXPECT_EQ(find(list, lan(60))->reason, "80,443: admin-prohibited from 192.168.77.1");
  EXPECT_EQ(find(list, lan(75))->reason, "80,443: port-unreach from 192.168.77.1");
  EXPECT_EQ(find(list, lan(99))->reason, "80,443: net-prohibited from 192.168.77.1");
  EXPECT_FALSE(find(list, lan(60))->kind);
}

TEST(the_lab, the_old_vip_is_blocked_as_the_node_sees_it_answer) {
  const candidate_list list = found({lab_pc(1100)}, {lab_node()});
  EXPECT_EQ(find(list, lan(216))->reason,
            "80,443: no-response (blocked: somebody is there, node 80,443: syn-ack)");
}

TEST(the_lab, a_short_timeout_is_named_with_the_way_to_tell) {
  const candidate_list list = found({lab_pc(1100)});
  EXPECT_EQ(find(list, lan(240))->reason,
            "80,443: no-response (blocked, or nobody there and the scan's timeout of 1100 ms is "
            "below the 3.1 s that ARP takes: --timeout 4s would tell)");
}

TEST(the_lab, ends_of_the_subnet_hosts_and_gateways_are_never_taken) {
  const candidate_list list = found({lab_pc()}, {lab_node()});
  EXPECT_EQ(find(list, lan(0))->reason, "never taken: it is the network address of 10.0.0.0/24");
  EXPECT_EQ(find(list, lan(255))->reason,
            "never taken: it is the broadcast address of 10.0.0.0/24");
  EXPECT_EQ(find(list, lan(11))->reason, "never taken: it is an address of the scanning host node");
  EXPECT_EQ(find(list, lan(1))->reason, "never taken: it is a gateway of the scanning host node");
}

TEST(the_lab, nodes_are_never_taken) {
  const candidate_list list =
      found({lab_pc()}, {}, {.nodes = address_set::of({{lan(230), lan(240)}})});
  EXPECT_EQ(list.chosen, lan_all({249}));
  EXPECT_EQ(find(list, lan(232))->reason, "never taken: it is a node's address");
}

TEST(the_lab, every_address_is_judged_once_in_ascending_order) {
  const candidate_list list = found({lab_pc()});
  ASSERT_EQ(list.judged.size(), 256u);
  for (std::uint32_t last = 0; last < 256; ++last) EXPECT_EQ(list.judged[last].address, lan(last));
  EXPECT_EQ(find(list, ip("10.0.1.0")), nullptr);
}

// --- one address: open ---

TEST(an_open_address, is_accepted_as_open_and_passable_not_as_free) {
  const auto accepted = [](candidate_selection selection) {
    return judged(on(80, syn_ack), on(443, syn_ack), {}, selection).accepted;
  };
  EXPECT_TRUE(accepted(candidate_selection::open));
  EXPECT_TRUE(accepted(candidate_selection::passable));
  EXPECT_FALSE(accepted(candidate_selection::free));
}

TEST(an_open_address, is_in_use) {
  const candidate one = judged(on(80, syn_ack), on(443, syn_ack));
  EXPECT_EQ(one.reason, "80,443: syn-ack; passed, and somebody answers there");
  EXPECT_EQ(one.caveats,
            std::vector<std::string>{"in use: it must be yours, or MetalLB will fight over it"});
}

TEST(an_open_address, has_no_caveat_when_it_is_ours) {
  candidate_options options;
  options.ours = address_set::of({{vip, vip}});
  const candidate_list list =
      found({scan_of("pc", {on(80, syn_ack), on(443, syn_ack)})}, {}, options);
  EXPECT_TRUE(find(list, vip)->caveats.empty());
}

TEST(an_open_address, is_answered_for_on_the_way_when_nobody_is_on_the_link) {
  const candidate one = judged(on(80, syn_ack), on(443, syn_ack), node_saw(no_neighbor));
  EXPECT_TRUE(one.accepted);
  EXPECT_EQ(one.caveats,
            std::vector<std::string>{
                "nobody has it on its link (node 80: no-neighbor), so something on the "
                "way answers for it (inferred)"});
}

TEST(an_open_address, has_the_owners_evidence_of_who_uses_it) {
  const candidate one = judged(on(80, syn_ack), on(443, syn_ack), node_saw(conn_refused, 22));
  EXPECT_TRUE(has_text(one.caveats, "somebody answers on its link too (node 22: conn-refused)"));
}

TEST(an_open_address, of_a_client_on_the_same_link_has_no_firewall_tested) {
  scan_results scan = scan_of("pc", {on(80, syn_ack), on(443, syn_ack)});
  scan.header.sources = {{ip("10.0.0.99"), 24, "eth0"}};
  EXPECT_TRUE(has_text(find(found({scan}), vip)->caveats,
                       "pc is on its link: no firewall in between was tested"));
}

// --- one address: free ---

TEST(a_free_address, is_accepted_as_free_and_passable_not_as_open) {
  const auto accepted = [](candidate_selection selection) {
    return judged(unreachable(80), unreachable(443), {}, selection).accepted;
  };
  EXPECT_TRUE(accepted(candidate_selection::free));
  EXPECT_TRUE(accepted(candidate_selection::passable));
  EXPECT_FALSE(accepted(candidate_selection::open));
}

TEST(a_free_address, is_confirmed_only_by_an_owner_scan_that_finds_nobody) {
  const std::string plain = "80,443: host-unreach from 192.168.77.1; passed, and nobody is there";
  EXPECT_EQ(judged(unreachable(80), unreachable(443)).reason, plain);
  EXPECT_EQ(judged(unreachable(80), unreachable(443), node_saw(no_response)).reason, plain);
  EXPECT_EQ(judged(unreachable(80), unreachable(443), node_saw(no_neighbor)).reason,
            plain + ", as the owner scan confirms (node 80: no-neighbor)");
}

TEST(a_free_address, may_be_closed_or_open_on_some_ports_and_says_so) {
  const candidate closed = judged(unreachable(80), on(443, conn_refused));
  EXPECT_EQ(closed.kind, candidate_kind::free);
  EXPECT_TRUE(has_text(closed.caveats, "443: conn-refused, though nobody is there"));
  const candidate open = judged(on(80, syn_ack), unreachable(443));
  EXPECT_EQ(open.kind, candidate_kind::free);
  EXPECT_TRUE(has_text(open.caveats, "80: syn-ack, though nobody is there"));
}

TEST(a_free_address, is_owned_when_the_owners_have_any_reply) {
  for (const probe_reason reply : {syn_ack, conn_refused}) {
    const candidate one =
        judged(unreachable(80), unreachable(443), node_saw(reply, 22), candidate_selection::free);
    EXPECT_FALSE(one.accepted);
    EXPECT_TRUE(contains(one.reason, "somebody owns it (node 22: ")) << one.reason;
  }
  EXPECT_TRUE(judged(unreachable(80), unreachable(443), node_saw(syn_ack)).accepted);
}

TEST(a_free_address, is_owned_when_it_sent_an_icmp_error_itself) {
  const scans owners = {scan_of("node", {seen(vip, 80, port_unreach, vip)})};
  EXPECT_FALSE(judged(unreachable(80), unreachable(443), owners).accepted);
}

TEST(a_free_address, stays_free_when_the_owner_scan_is_silent_with_a_caveat) {
  const candidate one =
      judged(unreachable(80), unreachable(443), node_saw(no_response), candidate_selection::free);
  EXPECT_TRUE(one.accepted);
  EXPECT_EQ(one.caveats, std::vector<std::string>{
                             "the owner scan tells neither that somebody nor that nobody is there "
                             "(node 80: no-response); the host-unreach stands alone"});
}

TEST(a_free_address, stays_free_when_the_owner_scan_left_it_out_with_a_caveat) {
  const scans owners = {scan_of("node", {seen(lan(8), 80, no_neighbor)})};
  const candidate one = judged(unreachable(80), unreachable(443), owners);
  EXPECT_TRUE(one.accepted);
  EXPECT_TRUE(has_text(one.caveats, "the owner scan did not ask it"));
}

TEST(a_free_address, is_in_doubt_when_no_host_unreach_took_as_long_as_arp) {
  const candidate hasty = judged(unreachable(80, 400), unreachable(443, 999'999));
  EXPECT_TRUE(hasty.accepted);
  EXPECT_TRUE(has_text(hasty.caveats, "it may be a reject rule (inferred)"));
  const candidate waited = judged(unreachable(80, 400), unreachable(443, 1'000'000));
  EXPECT_TRUE(waited.caveats.empty());
}

TEST(a_free_address, is_refused_when_a_port_is_reset_and_the_owners_find_nobody) {
  const candidate one = judged(unreachable(80), on(443, conn_refused), node_saw(no_neighbor));
  EXPECT_FALSE(one.accepted);
  EXPECT_TRUE(contains(one.reason, "a firewall forges the RST (inferred)"));
}

TEST(a_free_address, may_be_seen_from_its_own_link_where_no_firewall_is_tested) {
  scan_results scan = scan_of("pc", {on(80, no_neighbor), on(443, no_neighbor)});
  scan.header.sources = {{ip("10.0.0.99"), 24, "eth0"}};
  const candidate_list list = found({scan}, {}, select(candidate_selection::free));
  EXPECT_TRUE(find(list, vip)->accepted);
  EXPECT_EQ(
      find(list, vip)->caveats,
      std::vector<std::string>{"pc is on its link: no firewall in between was tested from there"});
}

TEST(no_neighbor, off_the_link_is_about_the_clients_next_hop) {
  scan_results scan = scan_of("pc", {on(80, no_neighbor), on(443, no_neighbor)});
  scan.header.sources = {{ip("192.168.77.2"), 24, "eth0"}};
  const candidate_list list = found({scan}, {}, select(candidate_selection::passable));
  EXPECT_FALSE(find(list, vip)->accepted);
  EXPECT_EQ(find(list, vip)->reason, "80,443: no-neighbor (its own next hop did not answer)");
}

TEST(no_neighbor, of_an_owner_off_the_link_is_no_evidence) {
  scans owners = node_saw(no_neighbor);
  owners[0].header.sources = {{ip("192.168.99.2"), 24, "eth0"}};
  const candidate one = judged(on(80, conn_refused), on(443, conn_refused), owners);
  EXPECT_TRUE(one.accepted);
  owners[0].header.sources = {{ip("10.0.0.99"), 32, "eth0"}};  // a host prefix tells no link
  EXPECT_FALSE(judged(on(80, conn_refused), on(443, conn_refused), owners).accepted);
}

// --- one address: closed, mixed ---

TEST(a_closed_address, is_accepted_only_as_passable) {
  const auto accepted = [](candidate_selection selection) {
    return judged(on(80, conn_refused), on(443, conn_refused), node_saw(conn_refused), selection)
        .accepted;
  };
  EXPECT_TRUE(accepted(candidate_selection::passable));
  EXPECT_FALSE(accepted(candidate_selection::open));
  EXPECT_FALSE(accepted(candidate_selection::free));
}

TEST(a_partly_open_address, is_passable_and_names_the_closed_ports) {
  const candidate one = judged(on(80, syn_ack), on(443, conn_refused));
  EXPECT_TRUE(one.accepted);
  EXPECT_EQ(one.kind, candidate_kind::closed);
  EXPECT_EQ(one.reason, "80: syn-ack, 443: conn-refused; passed, and something answers there");
  EXPECT_TRUE(has_text(one.caveats, "not open everywhere: 443: conn-refused"));
  EXPECT_FALSE(
      judged(on(80, syn_ack), on(443, conn_refused), {}, candidate_selection::open).accepted);
}

TEST(an_unwanted_kind, is_named_with_the_selection) {
  EXPECT_EQ(judged(on(80, syn_ack), on(443, syn_ack), {}, candidate_selection::free).reason,
            "80,443: syn-ack; passed, and somebody answers there: open, and --select is free");
}

// --- one address: refused ---

TEST(a_refused_address, names_only_the_ports_that_stand_in_the_way) {
  const candidate one = judged(on(80, syn_ack), seen(vip, 443, admin_prohibited, fw));
  EXPECT_EQ(one.reason, "443: admin-prohibited from 192.168.77.1");
}

TEST(a_refused_address, could_not_be_asked) {
  probe_record failed = on(443, local_error);
  failed.local_errno = EADDRNOTAVAIL;
  EXPECT_EQ(judged(on(80, syn_ack), failed).reason,
            "443: local-error, this host could not ask (Cannot assign requested address)");
}

TEST(a_refused_address, was_not_scanned_on_a_required_port) {
  const candidate_list list = found({scan_of("pc", {on(80, syn_ack)})});
  EXPECT_EQ(find(list, vip)->reason, "port 443 has no result");
  EXPECT_FALSE(find(list, vip)->accepted);
}

TEST(a_refused_address, is_not_suspected_of_a_short_timeout_when_the_timeout_is_unknown) {
  const candidate_list list = found({scan_of("pc", {on(80, syn_ack), on(443, no_response)}, 0)});
  EXPECT_EQ(find(list, vip)->reason, "443: no-response (blocked, or the answer was lost)");
}

TEST(required_ports, are_the_ones_given) {
  candidate_options options;
  options.ports = parse_ports("8443").value();
  const candidate_list list =
      found({scan_of("pc", {on(80, admin_prohibited), on(443, no_response), on(8443, syn_ack)})},
            {}, options);
  EXPECT_TRUE(find(list, vip)->accepted);
}

// --- never ---

TEST(a_reserved_address, is_excluded_or_sent_icmp_errors) {
  const ip_address router = lan(9);
  const scans clients = {
      scan_of("pc", {on(80, syn_ack), on(443, syn_ack), seen(router, 80, syn_ack),
                     seen(router, 443, syn_ack), seen(lan(10), 80, host_prohibited, router)})};
  candidate_options options;
  options.exclude = address_set::of({{vip, vip}});
  const candidate_list list = found(clients, {}, options);
  EXPECT_EQ(find(list, vip)->reason, "never taken: it is excluded");
  EXPECT_EQ(find(list, router)->reason, "never taken: somebody has it: an ICMP error came from it");
  EXPECT_TRUE(list.chosen.empty());
}

TEST(a_reserved_address, ends_a_block_of_prefix_30_or_shorter) {
  const auto accepted = [](std::string target, std::string_view address) {
    scan_results scan =
        scan_of("pc", {seen(ip(address), 80, syn_ack), seen(ip(address), 443, syn_ack)});
    scan.header.targets = {"gitlab.example", "10.9.0.1-10.9.0.7", std::move(target)};
    return find(found({scan}), ip(address))->accepted;
  };
  EXPECT_FALSE(accepted("10.0.0.4/30", "10.0.0.4"));
  EXPECT_FALSE(accepted("10.0.0.4/30", "10.0.0.7"));
  EXPECT_TRUE(accepted("10.0.0.4/30", "10.0.0.5"));
  EXPECT_TRUE(accepted("10.0.0.4/31", "10.0.0.4"));
  EXPECT_TRUE(accepted("10.0.0.4/32", "10.0.0.4"));
  EXPECT_FALSE(accepted("fd00:10::/64", "fd00:10::"));
  EXPECT_TRUE(accepted("fd00:10::/64", "fd00:10::ffff:ffff:ffff:ffff"));
  EXPECT_TRUE(accepted("fd00:10::/127", "fd00:10::"));
}

TEST(a_reserved_address, ends_the_network_of_an_owner) {
  scans owners = node_saw(no_response);
  owners[0].header.sources = {{ip("10.0.3.9"), 22, "eth0"}};
  const ip_address last = ip("10.0.3.255");
  const candidate_list list =
      found({scan_of("pc", {seen(last, 80, syn_ack), seen(last, 443, syn_ack)})}, owners);
  EXPECT_EQ(find(list, last)->reason, "never taken: it is the broadcast address of 10.0.0.0/22");
}

TEST(a_reserved_address, may_be_one_no_pool_can_hold) {
  const ip_address zoned = ip_address::v6(0xfe80000000000000, 1, 2);
  const candidate_list list =
      found({scan_of("pc", {seen(zoned, 80, syn_ack), seen(zoned, 443, syn_ack)})});
  EXPECT_FALSE(list.judged[0].accepted);
}

// --- several scans ---

TEST(scans_of_one_vantage, are_one_scan_in_parts) {
  EXPECT_TRUE(
      find(found({scan_of("pc", {on(80, syn_ack)}), scan_of("pc", {on(443, syn_ack)})}), vip)
          ->accepted);
}

TEST(scans_of_one_vantage, let_an_answer_beat_silence_and_silence_a_local_error) {
  const auto reason = [](probe_reason first, probe_reason second) {
    return find(found({scan_of("pc", {on(80, syn_ack), on(443, first)}),
                       scan_of("pc", {on(443, second)})}),
                vip)
        ->reason;
  };
  EXPECT_TRUE(contains(reason(syn_ack, no_response), "80,443: syn-ack"));
  EXPECT_TRUE(contains(reason(no_response, syn_ack), "80,443: syn-ack"));
  EXPECT_TRUE(contains(reason(no_response, local_error), "443: no-response"));
  EXPECT_TRUE(contains(reason(local_error, no_response), "443: no-response"));
}

TEST(scans_of_one_vantage, let_the_later_of_two_answers_win) {
  probe_record early = on(443, admin_prohibited);
  probe_record late = on(443, syn_ack);
  early.time = timestamp(std::chrono::milliseconds(1000));
  late.time = timestamp(std::chrono::milliseconds(2000));
  EXPECT_TRUE(find(found({scan_of("pc", {on(80, syn_ack), late, early})}), vip)->accepted);
  early.time = late.time;  // then the place in the input decides
  EXPECT_FALSE(find(found({scan_of("pc", {on(80, syn_ack), late, early})}), vip)->accepted);
  EXPECT_TRUE(find(found({scan_of("pc", {on(80, syn_ack), early, late})}), vip)->accepted);
}

TEST(several_vantages, must_all_let_the_address_through) {
  const scan_results pc = scan_of("pc", {on(80, syn_ack), on(443, syn_ack)});
  const scan_results open = scan_of("home", {on(80, syn_ack), on(443, syn_ack)});
  const scan_results half =
      scan_of("home", {on(80, syn_ack), seen(vip, 443, admin_prohibited, fw)});
  EXPECT_EQ(find(found({pc, open}), vip)->reason,
            "pc+home 80,443: syn-ack; passed, and somebody answers there");
  const candidate_list list = found({pc, half});
  EXPECT_FALSE(find(list, vip)->accepted);
  EXPECT_EQ(find(list, vip)->reason, "home 443: admin-prohibited from 192.168.77.1");
}

TEST(several_vantages, must_all_have_scanned_it) {
  const candidate_list list =
      found({scan_of("pc", {on(80, syn_ack), on(443, syn_ack)}),
             scan_of("home", {on(80, syn_ack), seen(lan(8), 80, syn_ack)})});
  EXPECT_EQ(find(list, vip)->reason, "port 443 has no result from home");
  EXPECT_EQ(find(list, lan(8))->reason,
            "ports 80,443 have no result from pc, port 443 has no result from home");
}

TEST(several_owner_scans, let_one_reply_outweigh_every_no_neighbor) {
  scans owners = node_saw(no_neighbor);
  owners.push_back(scan_of("node2", {on(443, syn_ack)}));
  EXPECT_FALSE(
      judged(unreachable(80), unreachable(443), owners, candidate_selection::free).accepted);
}

// --- the choice ---

TEST(the_choice, takes_the_preferred_first_and_then_in_address_order) {
  candidate_options options{.selection = candidate_selection::passable};
  options.prefer = {lan(249), lan(240), lan(249)};
  EXPECT_EQ(found({lab_pc()}, {lab_node()}, options).chosen, lan_all({249, 240, 50, 232, 241}));
  options.max = 3;
  EXPECT_EQ(found({lab_pc()}, {lab_node()}, options).chosen, lan_all({249, 240, 50}));
}

TEST(the_choice, says_why_a_preferred_address_is_not_taken) {
  candidate_options options;
  options.prefer = {lan(60), ip("10.1.0.1")};
  const candidate_list list = found({lab_pc()}, {}, options);
  EXPECT_EQ(list.chosen, lan_all({232, 249}));
  EXPECT_EQ(list.notices,
            (std::vector<std::string>{"the preferred 10.0.0.60 is not taken: 80,443: "
                                      "admin-prohibited from 192.168.77.1",
                                      "the preferred 10.1.0.1 is not taken: no client scan asked "
                                      "it"}));
}

// --- notices and advice ---

TEST(an_incomplete_scan, is_noticed) {
  scan_results cut = lab_pc();
  cut.summary.reset();
  EXPECT_TRUE(has_text(found({cut}).notices, "the client scan from pc (pc.ndjson) was cut off"));
  scan_results stopped = lab_pc();
  stopped.summary = scan_summary{.planned = 512, .open = 4, .filtered = 96, .not_started = 412};
  EXPECT_TRUE(has_text(found({stopped}).notices, "is not complete, 100 of 512 probes ended"));
  EXPECT_TRUE(found({lab_pc()}).notices.empty());
}

TEST(the_advice, is_empty_when_something_is_accepted) {
  EXPECT_TRUE(found({lab_pc()}).advice.empty());
}

TEST(the_advice, names_what_the_same_scans_would_give) {
  EXPECT_EQ(found({scan_of("pc", {unreachable(80), unreachable(443)})}).advice,
            "none of 1 address is open on 80,443; 1 address passed and free: --select free takes "
            "them");
  EXPECT_TRUE(contains(found({scan_of("pc", {on(80, syn_ack), on(443, syn_ack)})}, {},
                             select(candidate_selection::free))
                           .advice,
                       "--select open"));
  EXPECT_TRUE(contains(found({scan_of("pc", {on(80, conn_refused), on(443, syn_ack)})}).advice,
                       "--select passable"));
}

TEST(the_advice, names_the_scan_that_is_missing) {
  EXPECT_TRUE(contains(found({scan_of("pc", {})}).advice, "run netscan sweep SUBNET -p 80,443"));
  EXPECT_TRUE(
      contains(found({scan_of("pc", {on(80, syn_ack)})}).advice, "sweep again with -p 80,443"));
  EXPECT_TRUE(contains(found({scan_of("pc", {on(80, syn_ack), on(443, local_error)})}).advice,
                       "slower (--rate)"));
  EXPECT_TRUE(contains(found({lab_pc(1100)}, {}, select(candidate_selection::free)).advice,
                       "sweep again with --timeout 4s"));
}

TEST(the_advice, ends_with_the_command_to_run_next) {
  EXPECT_TRUE(
      found({lab_pc(1100)}, {}, select(candidate_selection::free))
          .advice.ends_with("; next: netscan sweep 10.0.0.0/24 -p 80,443 --vantage pc --timeout 4s "
                            "-o pc.ndjson"));
  scans odd = {scan_of("my pc's", {on(80, syn_ack)})};
  odd[0].header.targets = {"10.0.0.0/24", "10.0.1.5"};
  EXPECT_TRUE(found(odd).advice.ends_with(
      "; next: netscan sweep 10.0.0.0/24 10.0.1.5 -p 80,443 --vantage 'my pc'\\''s' -o 'my "
      "pc'\\''s.ndjson'"))
      << found(odd).advice;
}

TEST(the_advice, turns_to_the_firewall_when_all_is_blocked) {
  EXPECT_TRUE(
      contains(found({scan_of("pc", {on(80, admin_prohibited), on(443, no_response)})}).advice,
               "have the firewall let an address through"));
}

TEST(the_advice, is_not_to_wait_longer_for_an_address_that_the_owners_answer_at) {
  const scans clients = {scan_of("pc", {on(80, no_response), on(443, no_response)}, 1100)};
  EXPECT_TRUE(contains(found(clients).advice, "--timeout 4s"));
  EXPECT_TRUE(contains(found(clients, node_saw(syn_ack)).advice, "have the firewall let"));
}

// --- scans by other tools ---

/// What `nmap -sT` from `pc` makes of its errnos.
scans by_errno(probe_reason on_80, probe_reason on_443) {
  scan_results scan = scan_of("pc", {on(80, on_80), on(443, on_443)}, 0);
  scan.header.scanner = "nmap";
  scan.header.version = "7.93";
  scan.header.by_errno = true;
  scan.summary.reset();
  return {scan};
}

TEST(an_errno, is_no_evidence_that_an_address_is_free_or_passed) {
  for (const probe_reason reason : {host_unreach, conn_refused}) {
    const candidate_list list =
        found(by_errno(reason, reason), {}, select(candidate_selection::passable));
    EXPECT_TRUE(list.chosen.empty());
    EXPECT_EQ(
        find(list, vip)->reason,
        fmt::format("80,443: {} (or a firewall's: the scan does not tell)", to_string(reason)));
    EXPECT_TRUE(contains(list.advice, "which its scanner does not tell: sweep again with netscan"));
  }
  EXPECT_EQ(found(by_errno(syn_ack, syn_ack)).chosen, std::vector{vip}) << "open is open";
}

TEST(a_host_unreach_without_a_sender, is_no_evidence) {
  const candidate verdict = judged(on(80, host_unreach), unreachable(443));
  EXPECT_FALSE(verdict.accepted);
  EXPECT_TRUE(contains(verdict.reason, "or a firewall's")) << verdict.reason;
}

// A missing neighbour is no-neighbor: this is somebody else's message, or a tunnel's.
TEST(a_host_unreach_in_the_scanning_hosts_name, is_no_evidence) {
  const ip_address own = ip("192.168.77.2");
  scan_results scan = scan_of("pc", {seen(vip, 80, host_unreach, own, 3'060'000),
                                     seen(vip, 443, host_unreach, own, 3'060'000)});
  scan.header.sources = {{own, 24, "eth0"}};
  const candidate_list list = found({scan}, {}, select(candidate_selection::free));
  EXPECT_TRUE(list.chosen.empty());
  EXPECT_TRUE(contains(find(list, vip)->reason, "or a firewall's")) << find(list, vip)->reason;
}

TEST(an_errno_at_the_owners, makes_no_address_free) {
  const scans clients = {scan_of("pc", {unreachable(80), unreachable(443)})};
  scans owners = by_errno(conn_refused, host_unreach);
  owners[0].header.vantage = "node";
  EXPECT_TRUE(found(clients, owners, select(candidate_selection::free)).chosen.empty())
      << "a RST is more likely the address' owner's than a firewall's";
  owners = by_errno(host_unreach, host_unreach);
  owners[0].header.vantage = "node";
  const candidate_list list = found(clients, owners, select(candidate_selection::free));
  EXPECT_EQ(list.chosen, std::vector{vip});
  EXPECT_FALSE(contains(find(list, vip)->reason, "confirms"));
}

TEST(another_tools_scan, is_called_by_its_name_and_not_cut_off) {
  const candidate_list list = found(by_errno(syn_ack, syn_ack));
  ASSERT_EQ(list.notices.size(), 1U);
  EXPECT_TRUE(contains(list.notices[0], "is nmap's, which does not name its host's addresses"));
  EXPECT_EQ(list.sources.at(0).scanner, "nmap");
  EXPECT_EQ(list.sources.at(0).version, "7.93");
}

// --- tarpits ---

/// What `vantage` sees where everything answers: `others` do not.
scan_results tarpit_from(std::string vantage, const std::vector<std::uint32_t>& others = {}) {
  std::vector<probe_record> probes;
  for (std::uint32_t last = 0; last < 256; ++last) {
    const bool other = std::find(others.begin(), others.end(), last) != others.end();
    for (const std::uint16_t port : testing::lab_ports) {
      probes.push_back(other ? seen(lan(last), port, host_unreach, fw, 3'060'000)
                             : seen(lan(last), port, syn_ack, {}, 700));
    }
  }
  return scan_of(std::move(vantage), std::move(probes));
}

TEST(a_tarpit, is_refused_and_called_what_it_looks_like) {
  const candidate_list list = found({tarpit_from("pc")});
  EXPECT_TRUE(list.chosen.empty());
  EXPECT_EQ(find(list, vip)->reason,
            "80,443: syn-ack; but 10.0.0.0/24 looks like a tarpit or a SYN proxy, not 256 hosts "
            "(inferred): 512 of 512 probes there are open");
  EXPECT_EQ(find(list, vip)->kind, std::nullopt);
  EXPECT_TRUE(has_text(list.notices, "from pc, 10.0.0.0/24 looks like a tarpit"));
  EXPECT_TRUE(contains(list.advice, "256 addresses open where everything looks open"))
      << list.advice;
  EXPECT_TRUE(contains(list.advice, "--allow-tarpit")) << list.advice;
}

TEST(a_tarpit, may_be_allowed_with_a_caveat) {
  candidate_options options;
  options.allow_tarpit = true;
  const candidate_list list = found({tarpit_from("pc")}, {}, options);
  EXPECT_EQ(list.chosen.size(), 256U);
  EXPECT_TRUE(has_text(find(list, vip)->caveats, "looks like a tarpit"));
}

TEST(a_tarpit, leaves_the_users_own_addresses_with_a_caveat) {
  candidate_options options;
  options.ours = address_set::of({{vip, vip}});
  const candidate_list list = found({tarpit_from("pc")}, {}, options);
  EXPECT_EQ(list.chosen, std::vector{vip});
  EXPECT_TRUE(has_text(find(list, vip)->caveats, "looks like a tarpit"));
}

TEST(a_tarpit, leaves_addresses_that_do_not_answer_to_their_own_evidence) {
  const candidate_list list =
      found({tarpit_from("pc", {240, 241})}, {}, select(candidate_selection::free));
  EXPECT_EQ(list.chosen, lan_all({240, 241}));
}

TEST(a_tarpit, may_be_before_one_client_only) {
  const scan_results home = scan_of("home", {on(80, syn_ack), on(443, syn_ack)});
  EXPECT_TRUE(found({home, tarpit_from("pc")}).chosen.empty());
  EXPECT_EQ(found({home}).chosen, std::vector{vip});
}

TEST(a_tarpit, is_not_concluded_from_a_scan_that_does_not_tell_what_was_silent) {
  scan_results scan = tarpit_from("pc");
  scan.summary->complete = false;
  EXPECT_EQ(found({scan}).chosen.size(), 256U);
  scan = tarpit_from("pc");
  scan.header.scanner = "masscan";
  EXPECT_EQ(found({scan}).chosen.size(), 256U);
}

TEST(bad_input, is_named) {
  const scans one = {lab_pc()};
  EXPECT_EQ(message_of(find_candidates({}, {}, {}).status()),
            "no client scan: candidates come from one at least");
  EXPECT_EQ(message_of(find_candidates(one, {}, {.ports = {}}).status()),
            "no required ports: give one at least");
  EXPECT_EQ(message_of(find_candidates(one, {}, {.max = 0}).status()),
            "a maximum of 0 addresses leaves no candidate");
}

TEST(selection_words, are_those_of_the_option) {
  EXPECT_EQ(parse_candidate_selection("passable"), candidate_selection::passable);
  EXPECT_EQ(parse_candidate_selection("closed"), std::nullopt);
  EXPECT_EQ(to_string(candidate_selection::free), "free");
  EXPECT_EQ(to_string(candidate_kind::closed), "closed");
}

}  // namespace
}  // namespace netscan
