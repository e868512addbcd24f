#include "machine.hpp"

#include <algorithm>
#include <cerrno>
#include <limits>

namespace netscan::detail {
namespace {

using std::chrono::milliseconds;

constexpr instant soft_timeout_floor = milliseconds(50);
// What `fast` waits before it has seen any answer.
constexpr instant fast_first_timeout = milliseconds(100);

constexpr instant shortest_pause = milliseconds(1);
constexpr instant longest_pause = milliseconds(100);
// With nothing sent in so many tries, about three seconds of pauses, the shortage is not passing:
// from then on a probe that cannot be sent ends as an error at once.
constexpr unsigned hopeless_failures = 32;

// Records are handed out in batches of this size. A driver may report that many answers again
// before it comes back for an order, and none of it may allocate.
constexpr std::size_t batch = 1024;

// How many held probes are looked at for one that may be asked: they belong to few addresses.
constexpr std::size_t held_probes_tried = 8;

std::uint64_t slice_size(const plan& plan, plan_slice slice) {
  if (plan.size() <= slice.first) return 0;
  return (plan.size() - slice.first - 1) / slice.stride + 1;
}

std::uint32_t concurrency_of(const machine_options& options, const plan& plan, plan_slice slice) {
  const std::uint64_t useful = std::max<std::uint64_t>(1, slice_size(plan, slice));
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(std::max<std::uint32_t>(1, options.concurrency), useful));
}

std::uint32_t whole_microseconds(instant rtt) {
  const auto count = std::chrono::duration_cast<std::chrono::microseconds>(rtt).count();
  return static_cast<std::uint32_t>(
      std::clamp<std::int64_t>(count, 0, std::numeric_limits<std::uint32_t>::max()));
}

}  // namespace

bool is_back_pressure(int error) noexcept {
  switch (error) {
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
    case EADDRNOTAVAIL:
    case EADDRINUSE:
    case EAGAIN:
    case EPERM:
      return true;
    default:
      return false;
  }
}

scan_machine::scan_machine(const plan& plan, plan_slice slice, machine_options options)
    : plan_(plan),
      options_(std::move(options)),
      bucket_(options_.rate),
      next_index_(slice.first),
      stride_(slice.stride),
      admission_(std::move(options_.limits), concurrency_of(options_, plan, slice)),
      limit_(concurrency_of(options_, plan, slice)) {
  counts_.planned = slice_size(plan, slice);
  options_.concurrency = limit_;
  options_.retries = std::min(options_.retries, max_attempts - 1);
  const std::size_t capacity = static_cast<std::size_t>(std::min<std::uint64_t>(
      counts_.planned,
      std::max<std::uint64_t>(options_.retry_capacity, 2 * std::uint64_t{limit_})));
  again_.set_capacity(capacity);
  held_.set_capacity(capacity);
  undecided_.reserve(capacity);
  slots_.reserve(limit_);
  free_.reserve(limit_);
  records_.reserve(2 * batch);
}

order scan_machine::next(instant now) {
  if (records_.size() >= batch) return {order::flush};
  if (oldest_ != none && now - slots_[oldest_].aimed_at >= patience()) {
    return {order::abandon, oldest_};
  }
  if (settling_ || !work_is_left()) {
    return in_flight_ != 0 ? wait_until(slots_[oldest_].aimed_at + patience()) : settle(now);
  }
  const instant start = std::max(paused_until_, bucket_.ready_at());
  if (now < start) {
    return wait_until(oldest_ == none ? start
                                      : std::min(start, slots_[oldest_].aimed_at + patience()));
  }
  if (in_flight_ >= limit_) {
    const instant reclaimable_at = slots_[oldest_].aimed_at + std::min(soft_timeout(), patience());
    if (now >= reclaimable_at) return {order::abandon, oldest_};
    return wait_until(reclaimable_at);
  }
  const admission::verdict verdict = choose_probe(now);
  if (verdict != admission::verdict::yes) return wait_for_admission(verdict, now);
  bucket_.take(now);
  return start_probe();
}

order scan_machine::wait_for_admission(admission::verdict why, instant now) const noexcept {
  if (why == admission::verdict::too_many_unresolved || oldest_ == none) {
    const instant at = std::max(admission_.next_resolution(), now + shortest_pause);
    return wait_until(oldest_ == none ? at : std::min(at, slots_[oldest_].aimed_at + patience()));
  }
  const instant reclaimable_at = slots_[oldest_].aimed_at + std::min(soft_timeout(), patience());
  if (now >= reclaimable_at) return {order::abandon, oldest_};
  return wait_until(reclaimable_at);
}

order scan_machine::wait_until(instant until) const noexcept {
  // Whoever waits for results sees them before a pause, not after it.
  if (!records_.empty()) return {order::flush};
  return {order::wait, 0, until};
}

bool scan_machine::find_new_probe() {
  if (new_probe_) return true;
  if (room() == 0) return false;
  while (next_index_ < plan_.size()) {
    const endpoint probe = plan_.at(next_index_);
    if (!options_.unaskable.contains(probe.address)) {
      new_probe_ = probe;
      return true;
    }
    ++counts_.skipped;
    next_index_ += stride_;
  }
  return false;
}

std::size_t scan_machine::room() const noexcept {
  const std::size_t taken = again_.size() + undecided_.size() + held_.size() + in_flight_;
  return again_.capacity() > taken ? again_.capacity() - taken : 0;
}

admission::verdict scan_machine::choose(const pending& probe, const endpoint& destination,
                                        instant now) {
  const admission::verdict verdict = admission_.may_ask(destination.address, now);
  if (verdict == admission::verdict::yes) {
    chosen_ = probe;
    chosen_destination_ = destination;
  }
  return verdict;
}

admission::verdict scan_machine::try_held_probes(instant now) {
  auto verdict = admission::verdict::too_many_in_flight;
  for (std::size_t tries = std::min(held_.size(), held_probes_tried); tries > 0; --tries) {
    const pending probe = held_.front();
    held_.pop_front();
    verdict = choose(probe, plan_.at(probe.index), now);
    if (verdict == admission::verdict::yes) return verdict;
    held_.push_back(probe);
  }
  return verdict;
}

/// Held probes first, then new ones, then those to be asked again; what may not be asked is held.
admission::verdict scan_machine::choose_probe(instant now) {
  admission::verdict verdict = try_held_probes(now);
  while (verdict != admission::verdict::yes && find_new_probe()) {
    const pending probe{.index = next_index_};
    verdict = choose(probe, *new_probe_, now);
    if (verdict != admission::verdict::yes) {
      if (room() <= 1) return verdict;  // it stays the next new one
      held_.push_back(probe);
    }
    new_probe_.reset();
    next_index_ += stride_;
  }
  while (verdict != admission::verdict::yes && !again_.empty()) {
    const pending probe = again_.front();
    again_.pop_front();
    verdict = choose(probe, plan_.at(probe.index), now);
    if (verdict != admission::verdict::yes) held_.push_back(probe);
  }
  return verdict;
}

order scan_machine::start_probe() {
  const slot_index index = take_free_slot();
  slots_[index].probe = chosen_;
  slots_[index].destination = chosen_destination_;
  return {order::aim, index};
}

order scan_machine::settle(instant now) {
  // Nothing is in flight, so what the passes have shown does not change while this goes on.
  settling_ = true;
  while (settled_ < undecided_.size()) {
    const pending& probe = undecided_[settled_++];
    if (worth_asking_again(probe)) {
      again_.push_back(probe);
      continue;
    }
    const probe_reason reason =
        probe.local_errno != 0 ? probe_reason::local_error : probe_reason::no_response;
    end(probe, plan_.at(probe.index), {reason, std::nullopt}, std::nullopt, now);
    if (records_.size() >= batch) return {order::flush};
  }
  settling_ = false;
  settled_ = 0;
  undecided_.clear();
  if (work_is_left()) return next(now);
  return {records_.empty() ? order::finished : order::flush};
}

bool scan_machine::worth_asking_again(const pending& probe) const noexcept {
  if (probe.local_errno != 0) return probe.local_failures <= options_.retries;
  if (probe.attempts > options_.retries) return false;
  if (options_.timing == timing::thorough || late_answers_ != 0) return true;
  // The first pass always finds answers; a later one that did shows that answers get lost, or that
  // a router meters its ICMP messages.
  return probe.attempts >= 2 && answers_at_attempt_[probe.attempts] != 0;
}

slot_index scan_machine::take_free_slot() {
  if (free_.empty()) {
    slots_.emplace_back();
    return static_cast<slot_index>(slots_.size() - 1);
  }
  const slot_index index = free_.back();
  free_.pop_back();
  return index;
}

void scan_machine::aimed(slot_index index, instant now) noexcept {
  attempt& attempt = slots_[index];
  attempt.aimed_at = now;
  attempt.in_flight = true;
  admission_.asked(attempt.destination.address, now);
  attempt.older = newest_;
  attempt.newer = none;
  (newest_ == none ? oldest_ : slots_[newest_].newer) = index;
  newest_ = index;
  ++in_flight_;
  ++attempts_;
  ++attempt.probe.attempts;
  attempt.probe.local_errno = 0;

  failures_in_a_row_ = 0;
  pause_ = instant(0);
  if (limit_ < options_.concurrency && ++sent_at_limit_ >= limit_) {
    limit_ = std::min(options_.concurrency, limit_ + std::max<std::uint32_t>(1, limit_ / 16));
    sent_at_limit_ = 0;
  }
}

void scan_machine::release(slot_index index) noexcept {
  attempt& attempt = slots_[index];
  if (attempt.in_flight) {
    (attempt.older == none ? oldest_ : slots_[attempt.older].newer) = attempt.newer;
    (attempt.newer == none ? newest_ : slots_[attempt.newer].older) = attempt.older;
    attempt.in_flight = false;
    admission_.ended(attempt.destination.address);
    --in_flight_;
  }
  free_.push_back(index);
}

void scan_machine::answered(slot_index index, const answer& answer, unsigned syns, instant now) {
  const attempt& attempt = slots_[index];
  const pending probe = attempt.probe;
  const instant rtt = now - attempt.aimed_at;
  counts_.syns += syns;
  ++answers_at_attempt_[std::min<std::size_t>(probe.attempts, max_attempts)];
  // Only the host's own word tells about the way to it and back; a router's does not.
  const bool from_host = state_of(answer.reason) != probe_state::filtered;
  if (from_host || answer.reason == probe_reason::no_neighbor) {
    admission_.resolved(attempt.destination.address, from_host, now);
  }
  if (from_host) {
    ++tcp_answers_;
    if (syns > 1 || probe.waited_in_full) ++late_answers_;
    if (syns == 1) rtt_.add(rtt);  // else it is not known which SYN was answered (Karn)
  }
  release(index);
  const bool came_back = from_host || answer.icmp;
  end(probe, attempt.destination, answer, came_back ? std::optional(rtt) : std::nullopt, now);
}

void scan_machine::silent(slot_index index, unsigned syns, instant now) {
  attempt& attempt = slots_[index];
  counts_.syns += syns;
  const bool cut_short = now - attempt.aimed_at < patience();
  attempt.probe.waited_in_full |= !cut_short;
  const pending probe = attempt.probe;
  release(index);
  if (probe.attempts > options_.retries) {
    end(probe, attempt.destination, {probe_reason::no_response, std::nullopt}, std::nullopt, now);
  } else if (cut_short || (options_.timing == timing::fast && probe.attempts < 2)) {
    again_.push_back(probe);
  } else {
    undecided_.push_back(probe);
  }
}

scan_machine::pending scan_machine::note_local_failure(pending probe, int error) noexcept {
  probe.local_errno = error;
  if (probe.local_failures < std::numeric_limits<std::uint8_t>::max()) ++probe.local_failures;
  return probe;
}

void scan_machine::failed_locally(slot_index index, int error, unsigned syns, instant now) {
  const attempt& attempt = slots_[index];
  counts_.syns += syns;
  const pending probe = note_local_failure(attempt.probe, error);
  release(index);
  if (is_back_pressure(error)) {
    ++counts_.back_pressure;
    slow_down(now);
    // Sent, and failed all the same: that is not what waiting helps against, so not for ever.
    const bool is_hopeless = syns != 0 && probe.local_failures >= hopeless_failures;
    if (failures_in_a_row_ < hopeless_failures && !is_hopeless) {
      again_.push_back(probe);
      return;
    }
  } else if (probe.local_failures <= options_.retries) {
    undecided_.push_back(probe);
    return;
  }
  end(probe, attempt.destination, {probe_reason::local_error, std::nullopt}, std::nullopt, now);
}

void scan_machine::self_connected(slot_index index, unsigned syns, instant now) {
  const attempt& attempt = slots_[index];
  counts_.syns += syns;
  const pending probe = note_local_failure(attempt.probe, EADDRINUSE);
  release(index);
  if (probe.local_failures < hopeless_failures) {
    again_.push_back(probe);
  } else {
    end(probe, attempt.destination, {probe_reason::local_error, std::nullopt}, std::nullopt, now);
  }
}

void scan_machine::slow_down(instant now) noexcept {
  limit_ = std::max<std::uint32_t>(1, std::min(limit_, in_flight_));
  sent_at_limit_ = 0;
  ++failures_in_a_row_;
  if (failures_in_a_row_ >= hopeless_failures) return;
  pause_ = std::clamp(2 * pause_, shortest_pause, longest_pause);
  paused_until_ = now + pause_;
}

void scan_machine::end(const pending& probe, const endpoint& destination, const answer& answer,
                       std::optional<instant> rtt, instant now) {
  probe_record record;
  record.ip = destination.address;
  record.port = destination.port;
  record.reason = answer.reason;
  record.attempts = probe.attempts;
  record.icmp = answer.icmp;
  if (rtt) record.rtt_us = whole_microseconds(*rtt);
  if (answer.reason == probe_reason::local_error) record.local_errno = probe.local_errno;
  record.time = options_.epoch + std::chrono::duration_cast<milliseconds>(now);
  count(counts_, record);
  records_.push_back(record);
}

instant scan_machine::soft_timeout() const noexcept {
  if (options_.timing == timing::thorough) return options_.hard_timeout;
  if (!rtt_.seen()) {
    return options_.timing == timing::fast ? std::min(fast_first_timeout, options_.hard_timeout)
                                           : options_.hard_timeout;
  }
  return std::min(std::max(rtt_.upper_bound(), soft_timeout_floor), options_.hard_timeout);
}

instant scan_machine::patience() const noexcept {
  return options_.timing == timing::fast ? soft_timeout() : options_.hard_timeout;
}

scan_summary scan_machine::summary() const noexcept {
  scan_summary summary = counts_;
  summary.not_started = summary.planned - summary.ended() - summary.skipped;
  summary.complete = summary.not_started == 0;
  if (tcp_answers_ != 0) {
    summary.loss_estimate = static_cast<double>(late_answers_) / static_cast<double>(tcp_answers_);
  }
  return summary;
}

}  // namespace netscan::detail
