#include "connect_race.hpp"

#include <algorithm>
#include <cerrno>
#include <limits>

namespace netscan::detail {
namespace {

constexpr instant pause_after_local_failure = std::chrono::milliseconds(50);
constexpr instant pause_after_self_connect = std::chrono::milliseconds(1);

}  // namespace

connect_race::connect_race(const std::vector<endpoint>& endpoints, const race_options& options)
    : options_(options) {
  attempts_.reserve(endpoints.size());
  for (const endpoint& to : endpoints) {
    attempt& added = attempts_.emplace_back();
    added.to = to;
    added.record.ip = to.address;
    added.record.port = to.port;
  }
}

order connect_race::next(instant now) {
  if (winner_) return {order::finished};
  for (slot_index slot = 0; slot < tried_; ++slot) {
    attempt& one = attempts_[slot];
    if (one.now == state::flying && expiry(one) <= now) return {order::abandon, slot};
    if (one.now != state::paused) continue;
    if (expiry(one) <= now) {
      end(one, probe_reason::local_error, now);
    } else if (one.resume <= now) {
      return {order::aim, slot};
    }
  }
  const bool starts = !is_under_way() || next_start_ <= now;
  if (tried_ < attempts_.size() && starts && now < options_.deadline) {
    return {order::aim, static_cast<slot_index>(tried_)};
  }
  if (!is_under_way()) return {order::finished};
  return {order::wait, 0, next_event()};
}

bool connect_race::is_under_way() const noexcept {
  return std::any_of(attempts_.begin(), attempts_.end(), [](const attempt& one) {
    return one.now == state::flying || one.now == state::paused;
  });
}

instant connect_race::expiry(const attempt& attempt) const noexcept {
  // Who is short of something for as long as an answer may take has not asked; who has asked at
  // last is given all of the time.
  const instant since = attempt.now == state::paused ? attempt.begun : attempt.aimed_at;
  return std::min(since + options_.timeout, options_.deadline);
}

instant connect_race::next_event() const noexcept {
  instant earliest = tried_ < attempts_.size() ? next_start_ : options_.deadline;
  for (const attempt& one : attempts_) {
    if (one.now == state::flying || one.now == state::paused) {
      earliest = std::min(earliest, expiry(one));
    }
    if (one.now == state::paused) earliest = std::min(earliest, one.resume);
  }
  return earliest;
}

void connect_race::begin(attempt& attempt, instant now) noexcept {
  if (attempt.now != state::untried) return;
  attempt.begun = now;
  ++tried_;
  next_start_ = now + options_.attempt_delay;
}

void connect_race::aimed(slot_index slot, instant now) noexcept {
  attempt& one = attempts_[slot];
  begin(one, now);
  one.now = state::flying;
  one.aimed_at = now;
  ++one.record.attempts;
}

void connect_race::answered(slot_index slot, const answer& answer, instant now) {
  attempt& one = attempts_[slot];
  const auto rtt = std::chrono::duration_cast<std::chrono::microseconds>(now - one.aimed_at);
  one.record.rtt_us = static_cast<std::uint32_t>(
      std::clamp<std::int64_t>(rtt.count(), 0, std::numeric_limits<std::uint32_t>::max()));
  one.record.icmp = answer.icmp;
  end(one, answer.reason, now);
  if (answer.reason == probe_reason::syn_ack) winner_ = slot;
}

void connect_race::silent(slot_index slot, instant now) {
  end(attempts_[slot], probe_reason::no_response, now);
}

void connect_race::failed_locally(slot_index slot, int error, instant now) {
  attempt& one = attempts_[slot];
  begin(one, now);
  one.record.local_errno = error;
  if (!is_back_pressure(error)) return end(one, probe_reason::local_error, now);
  one.now = state::paused;
  one.resume = now + pause_after_local_failure;
}

void connect_race::self_connected(slot_index slot, instant now) {
  failed_locally(slot, EADDRINUSE, now);
  // Another source port is likely to be chosen now.
  attempts_[slot].resume = now + pause_after_self_connect;
}

void connect_race::end(attempt& attempt, probe_reason reason, instant now) {
  attempt.now = state::ended;
  attempt.record.reason = reason;
  if (reason != probe_reason::local_error) attempt.record.local_errno = 0;
  attempt.record.time = options_.epoch + std::chrono::duration_cast<std::chrono::milliseconds>(now);
  // Its answer is known: there is no reason to let the next address wait any longer.
  if (reason != probe_reason::syn_ack) next_start_ = std::min(next_start_, now);
}

std::vector<probe_record> connect_race::records() const {
  std::vector<probe_record> records;
  for (const attempt& one : attempts_) {
    if (one.now == state::ended) records.push_back(one.record);
  }
  return records;
}

std::vector<ip_address> connect_race::overtaken() const {
  std::vector<ip_address> addresses;
  for (const attempt& one : attempts_) {
    if (one.now == state::flying || one.now == state::paused) addresses.push_back(one.to.address);
  }
  return addresses;
}

}  // namespace netscan::detail
