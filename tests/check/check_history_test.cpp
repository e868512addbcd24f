#include "netscan/check/check_history.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace netscan {
namespace {

check_record ended(check_outcome outcome) {
  check_record record;
  record.target = "https://gitlab.ailab.com/";
  record.outcome = outcome;
  record.steps.emplace_back();
  return record;
}

check_record failed_at(check_layer layer, check_problem problem) {
  check_record record = ended(check_outcome::failed);
  record.layer = layer;
  record.problem = problem;
  return record;
}

check_record not_connected(probe_reason reason, std::uint32_t address = 0x0a0000e8) {
  check_record record = failed_at(check_layer::tcp, check_problem::connect);
  probe_record attempt;
  attempt.ip = ip_address::v4(address);
  attempt.port = 443;
  attempt.reason = reason;
  record.steps.back().tcp.emplace().attempts = {attempt};
  return record;
}

check_record answered_with(std::uint16_t status) {
  check_record record = ended(check_outcome::ok);
  record.steps.back().http.emplace().status = status;
  return record;
}

// --- the state ---

TEST(check_state, is_outcome_layer_reason_and_status) {
  EXPECT_EQ(check_state(ended(check_outcome::ok)), "ok");
  EXPECT_EQ(check_state(answered_with(200)), "ok 200");
  EXPECT_EQ(check_state(failed_at(check_layer::dns, check_problem::name_not_found)),
            "failed dns name-not-found");
  EXPECT_EQ(check_state(failed_at(check_layer::tls, check_problem::cert_expired)),
            "failed tls cert-expired");
  EXPECT_EQ(check_state(not_connected(probe_reason::admin_prohibited)),
            "failed tcp admin-prohibited");
}

TEST(check_state, of_what_this_host_could_not_ask_is_an_error) {
  check_record record = not_connected(probe_reason::local_error);
  record.outcome = check_outcome::error;
  EXPECT_EQ(check_state(record), "error tcp local-error");
}

TEST(check_state, tells_one_status_from_another) {
  check_record record = answered_with(503);
  record.outcome = check_outcome::failed;
  record.layer = check_layer::http;
  record.problem = check_problem::status;
  EXPECT_EQ(check_state(record), "failed http status 503");
  record.steps.back().http->status = 404;
  EXPECT_EQ(check_state(record), "failed http status 404");
}

TEST(check_state, has_no_status_when_no_status_line_came) {
  check_record record = failed_at(check_layer::http, check_problem::not_http);
  record.steps.back().http.emplace();
  EXPECT_EQ(check_state(record), "failed http not-http");
}

TEST(check_state, is_that_of_the_last_step) {
  check_record record = answered_with(302);
  record.steps.push_back(answered_with(200).steps.back());
  EXPECT_EQ(check_state(record), "ok 200");
  record.steps.back().http.reset();
  EXPECT_EQ(check_state(record), "ok");
}

TEST(check_state, does_not_tell_durations_times_and_addresses_apart) {
  check_record first = not_connected(probe_reason::no_response, 0x0a0000e8);
  check_record second = not_connected(probe_reason::no_response, 0x0a0000f9);
  second.duration_us = 7;
  second.time += std::chrono::hours(1);
  second.summary = "other words";
  second.steps.back().tcp->duration_us = 8;
  second.steps.back().tcp->detail = "other words";
  EXPECT_EQ(check_state(first), check_state(second));

  first = answered_with(200);
  second = answered_with(200);
  second.steps.back().http->title = "another page";
  second.steps.back().tcp.emplace().address = ip_address::v4(0x0a0000f9);
  EXPECT_EQ(check_state(first), check_state(second));
}

// --- the history ---

TEST(check_history, knows_nothing_before_the_first_check) {
  const check_history history(2);
  for (const std::size_t index : {0U, 1U}) {
    EXPECT_EQ(history.counts(index), check_counts());
    EXPECT_EQ(history.state(index), "");
    EXPECT_EQ(history.outcome(index), check_outcome::stopped);
  }
}

TEST(check_history, the_first_check_is_news_and_no_change) {
  check_history history(1);
  EXPECT_TRUE(history.add(0, answered_with(200)));
  EXPECT_EQ(history.counts(0), (check_counts{.ok = 1, .changes = 0, .unchanged = 1, .before = 0}));
  EXPECT_EQ(history.state(0), "ok 200");
  EXPECT_EQ(history.outcome(0), check_outcome::ok);
}

TEST(check_history, the_same_state_again_is_no_news) {
  check_history history(1);
  history.add(0, answered_with(200));
  EXPECT_FALSE(history.add(0, answered_with(200)));
  EXPECT_FALSE(history.add(0, answered_with(200)));
  EXPECT_EQ(history.counts(0), (check_counts{.ok = 3, .changes = 0, .unchanged = 3, .before = 0}));
}

TEST(check_history, a_change_tells_how_long_the_state_before_it_was) {
  check_history history(1);
  for (int i = 0; i < 3; ++i) history.add(0, answered_with(200));
  EXPECT_TRUE(history.add(0, not_connected(probe_reason::no_response)));
  EXPECT_EQ(history.counts(0),
            (check_counts{.ok = 3, .failed = 1, .changes = 1, .unchanged = 1, .before = 3}));
  EXPECT_FALSE(history.add(0, not_connected(probe_reason::no_response)));
  EXPECT_EQ(history.counts(0),
            (check_counts{.ok = 3, .failed = 2, .changes = 1, .unchanged = 2, .before = 3}));
  EXPECT_TRUE(history.add(0, answered_with(200)));
  EXPECT_EQ(history.counts(0),
            (check_counts{.ok = 4, .failed = 2, .changes = 2, .unchanged = 1, .before = 2}));
  EXPECT_EQ(history.state(0), "ok 200");
}

TEST(check_history, another_reason_with_the_same_outcome_is_a_change) {
  check_history history(1);
  history.add(0, not_connected(probe_reason::no_response));
  EXPECT_TRUE(history.add(0, not_connected(probe_reason::conn_refused)));
  EXPECT_EQ(history.counts(0),
            (check_counts{.failed = 2, .changes = 1, .unchanged = 1, .before = 1}));
  EXPECT_EQ(history.state(0), "failed tcp conn-refused");
}

TEST(check_history, counts_each_outcome_for_itself) {
  check_history history(1);
  check_record error = failed_at(check_layer::dns, check_problem::resolver_failed);
  error.outcome = check_outcome::error;
  history.add(0, error);
  EXPECT_EQ(history.outcome(0), check_outcome::error);
  history.add(0, not_connected(probe_reason::no_response));
  EXPECT_EQ(history.outcome(0), check_outcome::failed);
  history.add(0, error);
  const check_counts& counts = history.counts(0);
  EXPECT_EQ(counts,
            (check_counts{.failed = 1, .error = 2, .changes = 2, .unchanged = 1, .before = 1}));
  EXPECT_EQ(counts.total(), 3U);
}

TEST(check_history, a_stopped_check_says_nothing) {
  check_history history(1);
  EXPECT_FALSE(history.add(0, ended(check_outcome::stopped)));
  EXPECT_EQ(history.counts(0), check_counts());
  EXPECT_EQ(history.state(0), "");
  // The first that says something is still the first.
  EXPECT_TRUE(history.add(0, answered_with(200)));
  EXPECT_EQ(history.counts(0).changes, 0U);

  const check_counts before = history.counts(0);
  EXPECT_FALSE(history.add(0, ended(check_outcome::stopped)));
  EXPECT_EQ(history.counts(0), before);
  EXPECT_EQ(history.outcome(0), check_outcome::ok);
  EXPECT_EQ(history.state(0), "ok 200");
  // And the state before it is the one that the next is compared to.
  EXPECT_FALSE(history.add(0, answered_with(200)));
}

TEST(check_history, keeps_endpoints_apart) {
  check_history history(3);
  EXPECT_TRUE(history.add(0, answered_with(200)));
  EXPECT_TRUE(history.add(2, answered_with(200)));
  EXPECT_TRUE(history.add(2, answered_with(404)));
  EXPECT_FALSE(history.add(0, answered_with(200)));
  EXPECT_EQ(history.counts(0), (check_counts{.ok = 2, .unchanged = 2}));
  EXPECT_EQ(history.counts(1), check_counts());
  EXPECT_EQ(history.counts(2), (check_counts{.ok = 2, .changes = 1, .unchanged = 1, .before = 1}));
  EXPECT_EQ(history.state(0), "ok 200");
  EXPECT_EQ(history.state(2), "ok 404");
}

// --- any sequence ---

/// One of few, so that the same states come again and again.
check_record any_of_few(std::mt19937& random) {
  check_record error = not_connected(probe_reason::local_error);
  error.outcome = check_outcome::error;
  const check_record few[] = {answered_with(200), answered_with(404), error,
                              not_connected(probe_reason::no_response),
                              ended(check_outcome::stopped)};
  return few[random() % std::size(few)];
}

/// The counts out of all the records at once.
check_counts counted(const std::vector<check_record>& records) {
  check_counts counts;
  std::vector<std::uint64_t> runs;  // the length of each
  std::string last;
  for (const check_record& record : records) {
    if (check_state(record) != last) runs.push_back(0);
    last = check_state(record);
    ++runs.back();
    counts.ok += record.outcome == check_outcome::ok ? 1 : 0;
    counts.failed += record.outcome == check_outcome::failed ? 1 : 0;
    counts.error += record.outcome == check_outcome::error ? 1 : 0;
  }
  counts.changes = runs.empty() ? 0 : runs.size() - 1;
  counts.unchanged = runs.empty() ? 0 : runs.back();
  counts.before = runs.size() < 2 ? 0 : runs[runs.size() - 2];
  return counts;
}

TEST(check_history, counts_any_sequence_as_if_it_were_seen_at_once) {
  std::mt19937 random(1);
  for (int sequence = 0; sequence < 200; ++sequence) {
    check_history history(1);
    std::vector<check_record> records;
    for (int i = 0; i < 20; ++i) {
      const check_record record = any_of_few(random);
      const std::string state(history.state(0));
      const bool is_news = history.add(0, record);
      if (record.outcome == check_outcome::stopped) {
        ASSERT_FALSE(is_news);
      } else {
        records.push_back(record);
        ASSERT_EQ(is_news, check_state(record) != state);
        ASSERT_EQ(history.state(0), check_state(record));
        ASSERT_EQ(history.outcome(0), record.outcome);
      }
      ASSERT_EQ(history.counts(0), counted(records));
      ASSERT_EQ(history.counts(0).total(), records.size());
    }
  }
}

}  // namespace
}  // namespace netscan
