// The diagnosis: a sentence for every combination of views, and none that says what was not seen.
#include "netscan/diagnose/diagnosis.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>

#include "observations.hpp"
#include "rules.hpp"

namespace netscan {
namespace {

using testing::address;
using testing::check_of;
using testing::of_check;
using testing::rejected_by;
using testing::saw;
using testing::saw_sight;
using testing::trace_ending;

std::string sentence(const std::vector<observation>& seen,
                     const std::vector<trace_record>& traces = {}) {
  std::vector<const trace_record*> pointers;
  for (const trace_record& trace : traces) pointers.push_back(&trace);
  return diagnose({seen, pointers, 443}).sentence;
}

// What the sentence is for each situation that a user knows.

TEST(diagnosis, silence_from_one_vantage_is_a_block_on_the_way) {
  const std::vector<observation> seen = {saw("node", probe_reason::syn_ack),
                                         saw("pc", probe_reason::no_response)};
  EXPECT_EQ(sentence(seen),
            "answers at node, silent from pc; inferred: blocked on the way, not at the service");
}

TEST(diagnosis, a_trace_says_behind_which_router) {
  const std::vector<observation> seen = {saw("node", probe_reason::syn_ack),
                                         saw("pc", probe_reason::no_response)};
  EXPECT_EQ(
      sentence(seen, {trace_ending("pc", probe_reason::no_response, {"192.168.77.1"})}),
      "answers at node, silent from pc; trace from pc ends after 192.168.77.1: blocked on the "
      "way, not at the service");
  EXPECT_EQ(
      sentence(seen, {trace_ending("pc", probe_reason::no_response, {})}),
      "answers at node, silent from pc; trace from pc meets no router that answers: blocked on "
      "the way, not at the service");
}

TEST(diagnosis, a_trace_from_elsewhere_or_to_elsewhere_is_no_evidence) {
  const std::vector<observation> seen = {saw("node", probe_reason::syn_ack),
                                         saw("pc", probe_reason::no_response)};
  const std::string without = sentence(seen);
  EXPECT_EQ(sentence(seen, {trace_ending("pc2", probe_reason::no_response, {"192.168.77.1"})}),
            without);
  trace_record other = trace_ending("pc", probe_reason::no_response, {"192.168.77.1"});
  other.ip = address("10.0.0.217");
  EXPECT_EQ(sentence(seen, {other}), without);
  trace_record stopped = trace_ending("pc", probe_reason::no_response, {"192.168.77.1"});
  stopped.end.reset();
  EXPECT_EQ(sentence(seen, {stopped}), without);
}

TEST(diagnosis, a_trace_to_another_port_is_told_and_proves_less) {
  trace_record trace = trace_ending("pc", probe_reason::no_response, {"192.168.77.1"});
  trace.port = trace.end->port = 80;
  EXPECT_EQ(
      sentence({saw("node", probe_reason::syn_ack), saw("pc", probe_reason::no_response)}, {trace}),
      "answers at node, silent from pc; trace from pc to port 80 ends after 192.168.77.1; "
      "inferred: blocked on the way, not at the service");
}

TEST(diagnosis, every_silent_vantage_has_to_be_traced) {
  const std::vector<observation> seen = {saw("node", probe_reason::syn_ack),
                                         saw("pc", probe_reason::no_response),
                                         saw("pc2", probe_reason::no_response)};
  const trace_record of_pc = trace_ending("pc", probe_reason::no_response, {"192.168.77.1"});
  const trace_record of_pc2 = trace_ending("pc2", probe_reason::no_response, {"192.168.77.1"});
  EXPECT_EQ(sentence(seen, {of_pc}),
            "answers at node, silent from pc and pc2; trace from pc ends after 192.168.77.1; "
            "inferred: blocked on the way, not at the service");
  EXPECT_EQ(sentence(seen, {of_pc, of_pc2}),
            "answers at node, silent from pc and pc2; traces from pc and pc2 end after "
            "192.168.77.1: blocked on the way, not at the service");
}

TEST(diagnosis, a_trace_that_gets_through_takes_the_conclusion_back) {
  EXPECT_EQ(
      sentence({saw("node", probe_reason::syn_ack), saw("pc", probe_reason::no_response)},
               {trace_ending("pc", probe_reason::syn_ack, {"192.168.77.1"})}),
      "answers at node, silent from pc; trace from pc reaches it (open); inferred: the answer "
      "has changed, or comes only to some connections");
}

TEST(diagnosis, a_rejection_names_the_firewall) {
  EXPECT_EQ(sentence({saw("node", probe_reason::syn_ack),
                      rejected_by("pc", probe_reason::admin_prohibited, "192.168.77.1")}),
            "answers at node, rejected by 192.168.77.1 from pc (admin-prohibited): rejected on the "
            "way, not at the service");
}

TEST(diagnosis, a_rejection_by_the_target_is_its_own_firewall) {
  EXPECT_EQ(
      sentence({saw("node", probe_reason::syn_ack),
                rejected_by("pc", probe_reason::port_unreach, "10.0.0.216")}),
      "answers at node, rejected by the address itself from pc (port-unreach): rejected by the "
      "host's own firewall, not by the service");
}

TEST(diagnosis, a_service_that_is_down_is_down_everywhere) {
  EXPECT_EQ(
      sentence({saw("node", probe_reason::conn_refused), saw("pc", probe_reason::conn_refused)}),
      "closed from node and pc; inferred: the host is up, and nothing listens on the port");
}

TEST(diagnosis, a_refusal_in_the_name_of_nobody_is_a_firewalls) {
  observation node = saw("node", probe_reason::no_neighbor);
  EXPECT_EQ(
      sentence({node, saw("pc", probe_reason::conn_refused)}),
      "closed from pc, nobody answers on the link of node (no-neighbor); inferred: a firewall "
      "refuses in the name of an address that nobody has");
}

TEST(diagnosis, a_vantage_that_could_not_ask_says_nothing_of_the_network) {
  EXPECT_EQ(sentence({saw("node", probe_reason::syn_ack), saw("pc", probe_reason::local_error)}),
            "answers at node, pc could not ask (ENETUNREACH): what pc would meet is not known");
  EXPECT_EQ(
      sentence({saw("node", probe_reason::local_error), saw("pc", probe_reason::local_error)}),
      "node and pc could not ask (ENETUNREACH)");
  // With two that could, these are compared.
  EXPECT_EQ(
      sentence({saw("node", probe_reason::syn_ack), saw("pc", probe_reason::no_response),
                saw("pc2", probe_reason::local_error)}),
      "answers at node, silent from pc, pc2 could not ask (ENETUNREACH); inferred: blocked on "
      "the way, not at the service");
}

TEST(diagnosis, a_name_that_leads_elsewhere_is_the_first_thing_to_know) {
  observation node = of_check(check_of("node", check_layer::tcp, check_problem::none));
  observation pc = of_check(check_of("pc", check_layer::tcp, check_problem::connect));
  pc.addresses = {address("10.0.0.217")};
  pc.address = address("10.0.0.217");
  EXPECT_EQ(
      sentence({node, pc}),
      "answers at node, silent from pc; the name is 10.0.0.216 at node, 10.0.0.217 at pc: they "
      "did not ask the same address");
  // As long as all is well it is only told.
  pc = of_check(check_of("pc", check_layer::tcp, check_problem::none));
  pc.addresses = {address("10.0.0.217")};
  EXPECT_EQ(sentence({node, pc}),
            "answers at node and pc; the name is 10.0.0.216 at node, 10.0.0.217 at pc");
}

TEST(diagnosis, names_differ_only_when_no_address_is_common) {
  observation node = saw("node", probe_reason::syn_ack);
  observation pc = saw("pc", probe_reason::syn_ack);
  const auto resolve = [&](std::vector<const char*> at_node, std::vector<const char*> at_pc) {
    node.addresses.clear();
    pc.addresses.clear();
    for (const char* text : at_node) node.addresses.push_back(address(text));
    for (const char* text : at_pc) pc.addresses.push_back(address(text));
    return resolves_differently(std::vector{node, pc});
  };
  EXPECT_TRUE(resolve({"10.0.0.1"}, {"10.0.0.2"}));
  EXPECT_FALSE(resolve({"10.0.0.1", "10.0.0.2"}, {"10.0.0.2", "10.0.0.1"}));
  EXPECT_FALSE(resolve({"10.0.0.1", "10.0.0.2"}, {"10.0.0.2"}));
  EXPECT_FALSE(resolve({"10.0.0.1"}, {}));
  // A host without IPv6 is told only the IPv4 addresses.
  EXPECT_FALSE(resolve({"10.0.0.1"}, {"fd00::1"}));
  EXPECT_FALSE(resolve({"10.0.0.1", "fd00::1"}, {"fd00::1"}));
}

TEST(diagnosis, a_name_that_one_vantage_lacks) {
  EXPECT_EQ(sentence({of_check(check_of("node", check_layer::tcp, check_problem::none)),
                      of_check(check_of("pc", check_layer::dns, check_problem::name_not_found))}),
            "answers at node, no such name at pc (dns name-not-found): DNS or the hosts file of pc "
            "lacks the name");
  EXPECT_EQ(sentence({of_check(check_of("node", check_layer::tcp, check_problem::none)),
                      of_check(check_of("pc", check_layer::dns, check_problem::resolver_failed))}),
            "answers at node, pc could not ask (resolver-failed): what pc would meet is not "
            "known");
}

TEST(diagnosis, tls_that_fails_though_tcp_is_open) {
  const check_record good = check_of("node", check_layer::tls, check_problem::none);
  check_record bad = check_of("pc", check_layer::tls, check_problem::cert_untrusted);
  EXPECT_EQ(sentence({of_check(good), of_check(bad)}),
            "answers at node, TLS fails from pc (tls cert-untrusted): the certificate is the same; "
            "the vantages trust others, or their clocks differ");
  bad.steps[0].tls->certificate->sha256 = std::string(64, 'b');
  EXPECT_EQ(sentence({of_check(good), of_check(bad)}),
            "answers at node, TLS fails from pc (tls cert-untrusted); inferred: the certificates "
            "differ: another server, or something on the way, answers");
  EXPECT_EQ(
      sentence({of_check(good), of_check(check_of("pc", check_layer::tls, check_problem::reset))}),
      "answers at node, TLS fails from pc (tls reset); inferred: TCP is open from all, and "
      "something on the way cuts in after that");
  EXPECT_EQ(
      sentence({of_check(check_of("node", check_layer::tls, check_problem::cert_expired)),
                of_check(check_of("pc", check_layer::tls, check_problem::cert_expired))}),
      "TLS fails from node and pc (tls cert-expired); inferred: a fault of the service, not of "
      "the way to it");
}

TEST(diagnosis, http_that_fails_though_tcp_is_open) {
  EXPECT_EQ(sentence({of_check(check_of("node", check_layer::http, check_problem::none)),
                      of_check(check_of("pc", check_layer::http, check_problem::status))}),
            "answers at node, HTTP fails from pc (http 502): TCP is open from all; they differ in "
            "what answers above it");
  EXPECT_EQ(sentence({of_check(check_of("node", check_layer::http, check_problem::status)),
                      of_check(check_of("pc", check_layer::http, check_problem::status))}),
            "HTTP fails from node and pc (http 502); inferred: a fault of the service, not of the "
            "way to it");
}

TEST(diagnosis, a_service_with_a_fault_may_be_blocked_besides) {
  EXPECT_EQ(sentence({of_check(check_of("node", check_layer::http, check_problem::status)),
                      of_check(check_of("pc", check_layer::tcp, check_problem::connect))}),
            "HTTP fails from node (http 502), silent from pc; inferred: blocked on the way, not at "
            "the service");
}

TEST(diagnosis, looks_that_lie_apart_prove_less) {
  observation node = saw("node", probe_reason::syn_ack);
  observation pc = rejected_by("pc", probe_reason::admin_prohibited, "192.168.77.1");
  pc.time = node.time + std::chrono::minutes(10);
  EXPECT_EQ(sentence({node, pc}).find("minutes apart"), std::string::npos);
  pc.time += std::chrono::milliseconds(1);
  EXPECT_EQ(sentence({node, pc}),
            "answers at node, rejected by 192.168.77.1 from pc (admin-prohibited); looked at more "
            "than 10 minutes apart; inferred: rejected on the way, not at the service");
}

TEST(diagnosis, many_vantages_are_counted) {
  std::vector<observation> seen = {saw("node", probe_reason::syn_ack)};
  for (int i = 1; i <= 9; ++i) {
    seen.push_back(saw("pc" + std::to_string(i), probe_reason::no_response));
  }
  EXPECT_EQ(sentence(seen),
            "answers at node, silent from pc1, pc2, pc3 and 6 more; inferred: blocked on the way, "
            "not at the service");
}

TEST(diagnosis, is_printable_whatever_the_results_hold) {
  observation node = saw("no\x1b[31mde\n", probe_reason::syn_ack);
  observation pc = of_check(check_of("pc\r", check_layer::tls, check_problem::handshake));
  const std::string text = sentence({node, pc});
  for (const char c : text) EXPECT_GE(static_cast<unsigned char>(c), 0x20) << text;
}

// Every combination.

/// What a sentence claims, found by its words, against what was seen.
void expect_consistent(const std::vector<observation>& seen, const diagnosis& d) {
  SCOPED_TRACE(d.sentence);
  const auto says = [&](std::string_view text) {
    return d.sentence.find(text) != std::string::npos;
  };
  const auto some = [&](const std::function<bool(const observation&)>& is) {
    return std::any_of(seen.begin(), seen.end(), is);
  };
  const auto saw_any = [&](std::initializer_list<sight> list) {
    return some([&](const observation& o) {
      return std::find(list.begin(), list.end(), o.what) != list.end();
    });
  };
  ASSERT_FALSE(d.sentence.empty());
  EXPECT_EQ(d.inferred, says("inferred: "));
  for (const observation& o : seen) EXPECT_TRUE(says(o.vantage)) << o.vantage;
  const bool up = saw_any({sight::answers, sight::http_fails, sight::tls_fails});
  const bool asked = some([](const observation& o) { return o.what != sight::could_not_ask; });

  // Nothing is said of the service that nobody has seen.
  if (says("not at the service") || says("the service is up;") || says("not of the service") ||
      says("TCP is open") || says("not by the service")) {
    EXPECT_TRUE(up);
  }
  EXPECT_EQ(says("answers at"), saw_any({sight::answers}));
  if (says("whether the service is up is not known")) {
    EXPECT_FALSE(up);
  }
  if (says("nothing listens")) {
    EXPECT_TRUE(saw_any({sight::closed}));
    EXPECT_FALSE(up);
  }
  if (says("blocked on the way")) {
    EXPECT_TRUE(up && saw_any({sight::silent}));
  }
  if (says("rejected on the way")) {
    EXPECT_TRUE(up && saw_any({sight::rejected}));
  }
  if (says("nobody has the address")) {
    EXPECT_TRUE(saw_any({sight::nobody}));
    EXPECT_FALSE(up);
  }
  EXPECT_EQ(says("silent from"), saw_any({sight::silent}));
  EXPECT_EQ(says("closed from"), saw_any({sight::closed}));
  EXPECT_EQ(says("could not ask"), saw_any({sight::could_not_ask}));
  EXPECT_EQ(says("rejected by"), saw_any({sight::rejected}));
  // Who said so is named.
  for (const observation& o : seen) {
    if (o.what == sight::rejected) {
      EXPECT_TRUE(says(to_string(*o.sender)));
    }
  }
  if (!asked) {
    EXPECT_EQ(d.kind, diagnosis_kind::nobody_could_ask);
  }
  if (says("is not known") && says("would meet")) {
    EXPECT_TRUE(saw_any({sight::could_not_ask}));
  }
}

TEST(diagnosis, has_a_consistent_sentence_for_every_pair_of_reasons) {
  constexpr int reasons = static_cast<int>(probe_reason::local_error) + 1;
  std::set<diagnosis_kind> kinds;
  for (int i = 0; i < reasons; ++i) {
    for (int j = 0; j < reasons; ++j) {
      const std::vector<observation> seen = {saw("left", static_cast<probe_reason>(i)),
                                             saw("right", static_cast<probe_reason>(j))};
      const diagnosis d = diagnose({seen, {}, 443});
      expect_consistent(seen, d);
      kinds.insert(d.kind);
      // The truth does not depend on the order in which the files are given.
      const std::vector<observation> turned = {seen[1], seen[0]};
      EXPECT_EQ(diagnose({turned, {}, 443}).kind, d.kind) << d.sentence;
      EXPECT_EQ(differ(seen),
                state_of(static_cast<probe_reason>(i)) != state_of(static_cast<probe_reason>(j)));
    }
  }
  EXPECT_GT(kinds.size(), 15U);
}

TEST(diagnosis, has_a_consistent_sentence_for_every_three_sights) {
  std::set<diagnosis_kind> kinds;
  for (std::uint8_t i = 0; i < sight_count; ++i) {
    for (std::uint8_t j = 0; j < sight_count; ++j) {
      for (std::uint8_t k = 0; k < sight_count; ++k) {
        std::vector<observation> seen = {saw_sight("one", static_cast<sight>(i)),
                                         saw_sight("two", static_cast<sight>(j)),
                                         saw_sight("three", static_cast<sight>(k))};
        const diagnosis d = diagnose({seen, {}, 443});
        expect_consistent(seen, d);
        kinds.insert(d.kind);
        std::sort(seen.begin(), seen.end(),
                  [](const observation& a, const observation& b) { return a.vantage < b.vantage; });
        do {
          EXPECT_EQ(diagnose({seen, {}, 443}).kind, d.kind) << d.sentence;
        } while (std::next_permutation(
            seen.begin(), seen.end(),
            [](const observation& a, const observation& b) { return a.vantage < b.vantage; }));
      }
    }
  }
  EXPECT_GT(kinds.size(), 20U);
}

TEST(diagnosis, traces_never_make_a_sentence_say_what_was_not_seen) {
  constexpr int reasons = static_cast<int>(probe_reason::local_error) + 1;
  for (std::uint8_t i = 0; i < sight_count; ++i) {
    for (std::uint8_t j = 0; j < sight_count; ++j) {
      for (int end = 0; end < reasons; ++end) {
        const std::vector<observation> seen = {saw_sight("one", static_cast<sight>(i)),
                                               saw_sight("two", static_cast<sight>(j))};
        const trace_record trace =
            trace_ending("two", static_cast<probe_reason>(end), {"192.168.77.1"});
        const trace_record* const traces[] = {&trace};
        const diagnosis d = diagnose({seen, traces, 443});
        expect_consistent(seen, d);
        EXPECT_EQ(d.traced, d.sentence.find("trace from two") != std::string::npos);
      }
    }
  }
}

TEST(diagnosis_rules, are_in_the_order_of_their_kinds_and_have_words_of_their_own) {
  const auto rules = detail::diagnosis_rules();
  std::set<std::string_view> words;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(rules[i].kind), i);
    EXPECT_TRUE(words.insert(rules[i].word).second) << rules[i].word;
    EXPECT_EQ(to_string(rules[i].kind), rules[i].word);
  }
  EXPECT_EQ(rules.back().kind, diagnosis_kind::not_reached);
}

TEST(diagnosis_rules, each_is_the_diagnosis_of_something) {
  std::set<diagnosis_kind> made;
  const auto make = [&](const std::vector<observation>& seen,
                        const std::vector<trace_record>& traces = {}) {
    std::vector<const trace_record*> pointers;
    for (const trace_record& trace : traces) pointers.push_back(&trace);
    made.insert(diagnose({seen, pointers, 443}).kind);
  };
  for (std::uint8_t i = 0; i < sight_count; ++i) {
    for (std::uint8_t j = 0; j < sight_count; ++j) {
      for (std::uint8_t k = 0; k < sight_count; ++k) {
        make({saw_sight("one", static_cast<sight>(i)), saw_sight("two", static_cast<sight>(j)),
              saw_sight("three", static_cast<sight>(k))});
      }
    }
  }
  make({saw("node", probe_reason::no_response), saw("pc", probe_reason::no_response)},
       {trace_ending("pc", probe_reason::syn_ack, {})});
  make({saw("node", probe_reason::syn_ack),
        rejected_by("pc", probe_reason::port_unreach, "10.0.0.216")});
  make({saw("node", probe_reason::no_neighbor), saw("pc", probe_reason::conn_refused)});
  observation node = saw("node", probe_reason::syn_ack);
  node.addresses = {address("10.0.0.1")};
  observation pc = saw("pc", probe_reason::no_response);
  pc.addresses = {address("10.0.0.2")};
  make({node, pc});
  const check_record good = check_of("node", check_layer::tls, check_problem::none);
  check_record bad = check_of("pc", check_layer::tls, check_problem::cert_untrusted);
  make({of_check(good), of_check(bad)});
  bad.steps[0].tls->certificate->sha256 = std::string(64, 'b');
  make({of_check(good), of_check(bad)});
  make({of_check(good), of_check(check_of("pc", check_layer::tls, check_problem::reset))});
  for (const detail::rule& rule : detail::diagnosis_rules()) {
    EXPECT_TRUE(made.contains(rule.kind)) << rule.word;
  }
}

}  // namespace
}  // namespace netscan
