#include "trace_machine.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

namespace netscan::detail {
namespace {

using namespace std::chrono_literals;

// Once the end is known, a silent hop is only a detail: it is given time for two SYNs.
constexpr instant shortest_patience = 1100ms;
// What this host is short of comes back when a query in flight ends, or some other program's does.
constexpr instant pause_when_short = 50ms;
constexpr unsigned most_failures = 20;

/// How much an answer says of the end: what TCP says is the end's own word (or a word in its name),
/// a refusal by ICMP beats silence, and a SYN that ran out of hops says least.
int weight(probe_reason reason) {
  switch (reason) {
    case probe_reason::syn_ack:
      return 4;
    case probe_reason::conn_refused:
      return 3;
    case probe_reason::time_exceeded:
      return 1;
    default:
      return 2;
  }
}

std::uint32_t microseconds(instant time) {
  return static_cast<std::uint32_t>(time / 1us);
}

}  // namespace

trace_machine::trace_machine(const trace_options& options)
    : options_(options),
      hops_(options.max_hops + 1),
      farthest_(options.first_hop - 1),
      settled_(options.first_hop - 1) {}

order trace_machine::next(instant now) {
  if (const auto slot = find_overdue(now)) return {order::abandon, *slot};
  if (now >= paused_until_) {
    if (!again_.empty()) {
      const slot_index slot = again_.front();
      again_.pop_front();
      return {order::aim, slot};
    }
    if (const auto hop = find_hop_to_ask()) {
      ++hops_[*hop].sent;
      queries_.push_back({.hops = *hop});
      return {order::aim, static_cast<slot_index>(queries_.size() - 1)};
    }
  }
  const instant deadline = next_deadline();
  if (deadline != instant::max()) return {order::wait, 0, deadline};
  finished_ = true;
  return {order::finished};
}

std::optional<slot_index> trace_machine::find_overdue(instant now) const noexcept {
  for (slot_index slot = 0; slot < queries_.size(); ++slot) {
    const query& q = queries_[slot];
    if (q.state != query::in_flight) continue;
    const bool beyond_end = end_ != 0 && q.hops > end_;
    if (beyond_end || now >= q.aimed_at + patience()) return slot;
  }
  return std::nullopt;
}

/// The hop with the fewest SYNs so far, the nearest of these; first of all, no limit.
std::optional<std::uint8_t> trace_machine::find_hop_to_ask() const noexcept {
  std::optional<std::uint8_t> best;
  const auto consider = [&](unsigned hop) {
    if (hops_[hop].sent >= options_.queries) return;
    if (!best || hops_[hop].sent < hops_[*best].sent) best = static_cast<std::uint8_t>(hop);
  };
  consider(0);
  for (unsigned hop = options_.first_hop; hop <= last_hop(); ++hop) consider(hop);
  return best;
}

/// The last hop worth asking, as far as is known.
unsigned trace_machine::last_hop() const noexcept {
  if (end_ != 0) return end_;
  // When the host itself has spoken the way does not end in the gap, however long that is.
  const unsigned base = host_spoke_ ? std::max(farthest_, settled_) : farthest_;
  return std::min(options_.max_hops, base + options_.gaps);
}

instant trace_machine::patience() const noexcept {
  const instant longest = options_.timeout;
  if (end_ == 0 && !host_spoke_) return longest;
  return std::min(longest, std::max(shortest_patience, 4 * slowest_));
}

instant trace_machine::next_deadline() const noexcept {
  instant deadline = instant::max();
  for (const query& q : queries_) {
    if (q.state == query::in_flight) deadline = std::min(deadline, q.aimed_at + patience());
  }
  const bool more_to_send = !again_.empty() || find_hop_to_ask();
  return more_to_send ? std::min(deadline, paused_until_) : deadline;
}

void trace_machine::aimed(slot_index slot, instant now) noexcept {
  queries_[slot].state = query::in_flight;
  queries_[slot].aimed_at = now;
}

void trace_machine::answered(slot_index slot, const answer& answer, instant now) {
  query& q = queries_[slot];
  q.what = answer;
  q.rtt = now - q.aimed_at;
  slowest_ = std::max(slowest_, q.rtt);
  const bool tcp =
      answer.reason == probe_reason::syn_ack || answer.reason == probe_reason::conn_refused;
  if (q.hops == 0) {
    host_spoke_ |= tcp;
  } else {
    farthest_ = std::max<unsigned>(farthest_, q.hops);
    const bool is_end = answer.reason != probe_reason::time_exceeded;
    if (is_end && (end_ == 0 || q.hops < end_)) end_ = q.hops;
  }
  end(q, query::answered);
}

void trace_machine::silent(slot_index slot) noexcept {
  query& q = queries_[slot];
  const bool beyond_end = end_ != 0 && q.hops > end_;
  end(q, beyond_end ? query::dropped : query::silent);
}

void trace_machine::failed_locally(slot_index slot, int error, instant now) {
  retry_or_fail(slot, error, now);
}

void trace_machine::self_connected(slot_index slot, instant now) {
  retry_or_fail(slot, EADDRINUSE, now);
}

void trace_machine::retry_or_fail(slot_index slot, int error, instant now) {
  query& q = queries_[slot];
  q.error = error;
  if (is_back_pressure(error) && ++q.failures < most_failures) {
    q.state = query::waiting_to_be_sent;
    again_.push_back(slot);
    paused_until_ = now + pause_when_short;
    return;
  }
  end(q, query::failed);
}

void trace_machine::end(query& query, query::kind how) noexcept {
  query.state = how;
  ++hops_[query.hops].ended;
  while (settled_ < options_.max_hops && hops_[settled_ + 1].ended == options_.queries) ++settled_;
}

void trace_machine::report(trace_record& record) const {
  record.max_hops = static_cast<std::uint8_t>(options_.max_hops);
  record.gaps = static_cast<std::uint8_t>(options_.gaps);
  record.timeout_ms = static_cast<std::uint32_t>(options_.timeout.count());
  record.hops.clear();
  for (unsigned ttl = options_.first_hop; ttl <= last_hop(); ++ttl) {
    record.hops.push_back(hop_at(ttl));
  }
  // Hops that nothing is known of, because the trace was stopped or nothing could be sent.
  while (!record.hops.empty() && record.hops.back().queries == 0) record.hops.pop_back();
  record.end = end_of_way(record);
  record.stop = !finished_                       ? trace_stop::stopped
                : end_ != 0                      ? trace_stop::end
                : last_hop() < options_.max_hops ? trace_stop::gaps
                                                 : trace_stop::max_hops;
}

trace_hop trace_machine::hop_at(unsigned ttl) const {
  trace_hop hop;
  hop.ttl = static_cast<std::uint8_t>(ttl);
  for (const query& q : queries_) {
    if (q.hops != ttl || (q.state != query::answered && q.state != query::silent)) continue;
    ++hop.queries;
    if (q.state == query::silent) continue;
    const auto same = [&](const trace_answer& a) {
      return a.reason == q.what.reason && a.icmp == q.what.icmp;
    };
    auto found = std::find_if(hop.answers.begin(), hop.answers.end(), same);
    if (found == hop.answers.end()) {
      found = hop.answers.insert(found, {q.what.reason, q.what.icmp, {}});
    }
    found->rtts_us.push_back(microseconds(q.rtt));
  }
  return hop;
}

/// The verdict on the endpoint: the most telling of all answers that are not a router's on the way.
/// Silence counts only when all have waited for it.
std::optional<probe_record> trace_machine::end_of_way(const trace_record& record) const {
  probe_record end;
  end.ip = record.ip;
  end.port = record.port;
  const query* best = nullptr;
  bool silent = false;
  for (const query& q : queries_) {
    const bool speaks =
        q.hops == 0 || (q.state == query::answered && q.what.reason != probe_reason::time_exceeded);
    if (!speaks) continue;
    if (q.state == query::failed) {
      end.local_errno = q.error;
    } else {
      ++end.attempts;
    }
    silent |= q.state == query::silent;
    if (q.state != query::answered) continue;
    if (best == nullptr || weight(q.what.reason) > weight(best->what.reason)) best = &q;
  }
  if (best != nullptr) {
    end.reason = best->what.reason;
    end.icmp = best->what.icmp;
    end.rtt_us = microseconds(best->rtt);
    end.local_errno = 0;
    return end;
  }
  if (!finished_) return std::nullopt;
  end.reason = silent ? probe_reason::no_response : probe_reason::local_error;
  if (silent) end.local_errno = 0;
  return end;
}

}  // namespace netscan::detail
