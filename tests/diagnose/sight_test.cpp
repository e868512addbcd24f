#include "netscan/diagnose/sight.hpp"

#include <gtest/gtest.h>

#include <set>

#include "observations.hpp"

namespace netscan {
namespace {

using testing::address;
using testing::check_of;
using testing::of_check;
using testing::rejected_by;
using testing::saw;

constexpr int reasons = static_cast<int>(probe_reason::local_error) + 1;

TEST(sight, each_kind_has_a_word_of_its_own) {
  std::set<std::string_view> words;
  for (std::uint8_t i = 0; i < sight_count; ++i) words.insert(to_string(static_cast<sight>(i)));
  EXPECT_EQ(words.size(), sight_count);
}

TEST(sight, agrees_with_the_state_of_every_reason) {
  for (int i = 0; i < reasons; ++i) {
    const auto reason = static_cast<probe_reason>(i);
    for (const std::optional<bool> is_near : {std::optional<bool>(), {true}, {false}}) {
      EXPECT_EQ(outcome_of(sight_of(reason, is_near)), to_string(state_of(reason)))
          << to_string(reason);
      EXPECT_EQ(sight_of(reason, is_near) == sight::rejected, is_rejection(reason));
    }
  }
}

TEST(sight, a_next_hop_that_does_not_answer_is_no_address_that_nobody_has) {
  EXPECT_EQ(sight_of(probe_reason::no_neighbor, true), sight::nobody);
  EXPECT_EQ(sight_of(probe_reason::no_neighbor, false), sight::no_route);
  EXPECT_EQ(sight_of(probe_reason::no_neighbor, std::nullopt), sight::nobody);
  probe_record record;
  record.reason = probe_reason::no_neighbor;
  EXPECT_TRUE(observe(record, "pc", true).on_own_link);
  EXPECT_FALSE(observe(record, "pc", false).on_own_link);
  EXPECT_FALSE(observe(record, "pc", std::nullopt).on_own_link);
}

TEST(observe, a_record_is_its_word_its_sender_and_its_address) {
  const observation silent = saw("pc", probe_reason::no_response);
  EXPECT_EQ(silent.word, "no-response");
  EXPECT_EQ(silent.address, address("10.0.0.216"));
  EXPECT_FALSE(silent.sender.has_value());
  EXPECT_EQ(saw("pc", probe_reason::syn_ack).word, "open");
  EXPECT_EQ(saw("pc", probe_reason::conn_refused).word, "closed");
  const observation rejected = rejected_by("pc", probe_reason::net_prohibited, "192.168.77.1");
  EXPECT_EQ(rejected.word, "net-prohibited");
  EXPECT_EQ(rejected.sender, address("192.168.77.1"));
  const observation failed = saw("pc", probe_reason::local_error);
  EXPECT_EQ(failed.word, "error");
  EXPECT_EQ(failed.detail, "ENETUNREACH");
}

TEST(observe, a_check_is_the_layer_that_failed) {
  const observation ok = of_check(check_of("pc", check_layer::http, check_problem::none));
  EXPECT_EQ(ok.what, sight::answers);
  EXPECT_EQ(ok.word, "ok");
  EXPECT_EQ(ok.addresses, std::vector{address("10.0.0.216")});
  EXPECT_EQ(ok.certificate, std::string(64, 'a'));

  const observation status = of_check(check_of("pc", check_layer::http, check_problem::status));
  EXPECT_EQ(status.what, sight::http_fails);
  EXPECT_EQ(status.word, "http 502");
  EXPECT_FALSE(status.broken_off);

  const observation stalled = of_check(check_of("pc", check_layer::http, check_problem::timeout));
  EXPECT_EQ(stalled.word, "http timeout");
  EXPECT_TRUE(stalled.broken_off);

  const observation expired =
      of_check(check_of("pc", check_layer::tls, check_problem::cert_expired));
  EXPECT_EQ(expired.what, sight::tls_fails);
  EXPECT_EQ(expired.word, "tls cert-expired");

  const observation silent = of_check(check_of("pc", check_layer::tcp, check_problem::connect));
  EXPECT_EQ(silent.what, sight::silent);
  EXPECT_EQ(silent.word, "no-response");
  EXPECT_EQ(silent.address, address("10.0.0.216"));

  const observation unknown =
      of_check(check_of("pc", check_layer::dns, check_problem::name_not_found));
  EXPECT_EQ(unknown.what, sight::no_name);
  const observation resolver =
      of_check(check_of("pc", check_layer::dns, check_problem::resolver_failed));
  EXPECT_EQ(resolver.what, sight::could_not_ask);
}

TEST(observe, every_layer_and_problem_has_a_word) {
  for (int layer = 0; layer <= static_cast<int>(check_layer::http); ++layer) {
    for (int problem = 0; problem <= static_cast<int>(check_problem::redirect_limit); ++problem) {
      const observation seen = of_check(
          check_of("pc", static_cast<check_layer>(layer), static_cast<check_problem>(problem)));
      EXPECT_FALSE(seen.word.empty());
      EXPECT_EQ(seen.what == sight::answers, problem == 0);
    }
  }
}

TEST(observe, a_check_that_was_stopped_has_seen_nothing) {
  check_record check = check_of("pc", check_layer::tcp, check_problem::none);
  check.outcome = check_outcome::stopped;
  EXPECT_FALSE(observe(check).has_value());
}

TEST(observe, what_failed_after_a_redirect_is_said) {
  check_record check = check_of("pc", check_layer::tcp, check_problem::connect);
  check.steps.insert(check.steps.begin(),
                     check_of("pc", check_layer::http, check_problem::none).steps[0]);
  check.steps[1].url = "https://login.ailab.com/\x1b[31m";
  const observation seen = of_check(check);
  EXPECT_EQ(seen.detail, "after a redirect to https://login.ailab.com/\\x1b[31m");
  EXPECT_EQ(seen.addresses, check.steps[0].dns->addresses);
}

TEST(observe, an_address_has_no_name_to_be_compared) {
  check_record check = check_of("pc", check_layer::tcp, check_problem::none);
  check.steps[0].dns->source = name_source::literal;
  EXPECT_TRUE(of_check(check).addresses.empty());
}

}  // namespace
}  // namespace netscan
