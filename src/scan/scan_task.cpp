#include <algorithm>
#include <cerrno>
#include <optional>

#include "clock.hpp"
#include "link_watch.hpp"
#include "machine.hpp"
#include "neighbor_table.hpp"
#include "netscan/scan/header.hpp"
#include "netscan/scan/host.hpp"
#include "netscan/scan/scan.hpp"
#include "socket_pool.hpp"

namespace netscan::detail {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

// New probes between two looks at the answers: few enough that round-trip times stay true.
constexpr int orders_between_polls = 64;
// Silence counts only up to when the answers were last looked at. The sink may have blocked since,
// or this process may have been stopped: then the answers are looked at again first.
constexpr instant longest_look_back = std::chrono::milliseconds(2);
// How long others on the same io_context may have to wait for their turn.
constexpr instant longest_turn = std::chrono::milliseconds(2);
// Deadlines and sending times that are so close together cost one turn of the timer, not each its
// own: with ten thousand in flight there is one every few microseconds.
constexpr instant timer_slack = std::chrono::milliseconds(1);

machine_options options_for(const plan& plan, plan_slice slice, const scan_options& options) {
  machine_options result;
  result.hard_timeout = options.timeout;
  result.timing = options.timing;
  result.retries = options.effective_retries();
  result.rate = options.rate;
  result.concurrency = effective_concurrency(plan, options);
  result.unaskable = broadcast_addresses();
  result.limits.per_address = options.per_address;
  result.limits.per_network = options.per_network;
  result.limits.on_link = on_link_addresses();
  result.limits.unresolved = std::max<std::uint32_t>(
      1, most_unresolved_neighbors() / static_cast<std::uint32_t>(slice.stride));
  result.epoch = epoch_of_instants();
  return result;
}

}  // namespace

/// Carries out the machine's orders with the pool's sockets.
struct scan_task::implementation {
  implementation(const asio::any_io_executor& executor,
                 std::shared_ptr<const netscan::plan> the_plan, plan_slice slice,
                 const scan_options& options, record_sink the_sink, scan_progress* the_progress)
      : plan(std::move(the_plan)),
        machine(*plan, slice, options_for(*plan, slice, options)),
        sink(std::move(the_sink)),
        progress(the_progress),
        started(now()),
        link(plan->targets()),
        descriptor(executor) {
    try {
      pool.emplace(machine.concurrency(), own_addresses());
      descriptor.assign(pool->native_handle());
    } catch (const boost::system::system_error& failure) {
      pool.reset();
      error = failure.code();
    }
  }

  ~implementation() {
    // The descriptor is the pool's to close.
    if (descriptor.is_open()) descriptor.release();
  }

  state run() noexcept {
    if (!pool) return state::done;
    const instant turn_ends = now() + longest_turn;
    do {
      take_answers();
      const std::optional<state> outcome = carry_out_orders();
      if (outcome) {
        report_progress();
        return *outcome;
      }
    } while (now() < turn_ends);
    report_progress();
    return state::busy;
  }

  void take_answers() noexcept {
    for (bool more = true; more;) {
      looked_at = now();
      const std::span<const socket_pool::event> events = pool->poll(more);
      for (const socket_pool::event& event : events) {
        const instant time = now();
        tell(event.slot, pool->resolve(event, time - machine.aimed_at(event.slot)), time);
      }
      // The machine keeps what it is told; do not let it grow by more than a round of events.
      if (more && hand_out_records()) return;
    }
  }

  /// Nothing when there may be more to do at once.
  std::optional<state> carry_out_orders() noexcept {
    for (int i = 0; i < orders_between_polls; ++i) {
      const instant time = now();
      if (time - looked_at > longest_look_back) return std::nullopt;
      const order order = machine.next(time);
      switch (order.what) {
        case order::aim:
          aim(order.slot);
          break;
        case order::abandon:
          abandon(order.slot, time);
          break;
        case order::flush:
          if (hand_out_records()) return state::done;
          break;
        case order::wait:
          pool->wake_at(order.until + timer_slack);
          return state::waiting;
        case order::finished:
          return state::done;
      }
    }
    return std::nullopt;
  }

  void aim(slot_index slot) noexcept {
    const instant time = now();
    const attempt_result result = pool->aim(slot, machine.destination(slot));
    if (result.state == attempt_result::failed_locally) {
      machine.failed_locally(slot, result.error, result.syns, time);
      return;
    }
    machine.aimed(slot, time);
    if (result.state != attempt_result::pending) tell(slot, result, now());
  }

  void abandon(slot_index slot, instant time) noexcept {
    const instant aimed_at = machine.aimed_at(slot);
    link.look(time);
    const bool is_cut_off = link.broke_after(aimed_at) ||
                            (link.has_lost_any() && link.lost_after(pool->source(slot), aimed_at));
    attempt_result result = pool->abandon(slot, time - aimed_at);
    if (result.state == attempt_result::silent && is_cut_off) {
      result.state = attempt_result::failed_locally;
      result.error = ENETDOWN;
    }
    tell(slot, result, time);
  }

  void tell(slot_index slot, attempt_result result, instant time) noexcept {
    if (result.state != attempt_result::pending) {
      neighbors.correct(result, machine.destination(slot).address, time - machine.aimed_at(slot));
    }
    switch (result.state) {
      case attempt_result::pending:
        return;
      case attempt_result::answered:
        machine.answered(slot, result.what, result.syns, time);
        return;
      case attempt_result::silent:
        machine.silent(slot, result.syns, time);
        return;
      case attempt_result::failed_locally:
        machine.failed_locally(slot, result.error, result.syns, time);
        return;
      case attempt_result::self_connected:
        machine.self_connected(slot, result.syns, time);
        return;
    }
  }

  /// True when the sink wants no more.
  bool hand_out_records() noexcept {
    if (machine.records().empty()) return false;
    error = sink(machine.records());
    machine.flushed();
    return error.failed();
  }

  void stop(error_code why) noexcept {
    if (!pool) return;
    hand_out_records();
    if (!error) error = why;
    if (descriptor.is_open()) descriptor.release();
    pool.reset();
    report_progress();
  }

  void report_progress() noexcept {
    if (progress == nullptr) return;
    const scan_summary counts = machine.summary();
    const std::uint64_t flying = pool ? machine.in_flight() : 0;
    add(progress->attempts, machine.attempts() - reported_attempts);
    add(progress->ended, counts.ended() - reported_ended);
    add(progress->in_flight, flying - reported_in_flight);  // modulo 2^64: it may shrink
    reported_attempts = machine.attempts();
    reported_ended = counts.ended();
    reported_in_flight = flying;
  }

  static void add(std::atomic<std::uint64_t>& counter, std::uint64_t difference) noexcept {
    if (difference != 0) counter.fetch_add(difference, std::memory_order_relaxed);
  }

  scan_result result() const {
    scan_result result{error, machine.summary()};
    result.summary.duration_ms =
        static_cast<std::uint64_t>((now() - started) / std::chrono::milliseconds(1));
    return result;
  }

  std::shared_ptr<const netscan::plan> plan;
  scan_machine machine;
  record_sink sink;
  scan_progress* progress;
  std::uint64_t reported_attempts = 0;
  std::uint64_t reported_ended = 0;
  std::uint64_t reported_in_flight = 0;
  instant started;
  instant looked_at{};
  error_code error;
  std::optional<socket_pool> pool;
  neighbor_table neighbors;
  link_watch link;
  asio::posix::stream_descriptor descriptor;
};

scan_task::scan_task(const asio::any_io_executor& executor, std::shared_ptr<const plan> plan,
                     plan_slice slice, const scan_options& options, record_sink sink,
                     scan_progress* progress)
    : implementation_(std::make_unique<implementation>(executor, std::move(plan), slice, options,
                                                       std::move(sink), progress)) {}

scan_task::~scan_task() = default;

scan_task::state scan_task::run() noexcept {
  return implementation_->run();
}

void scan_task::stop(error_code why) noexcept {
  implementation_->stop(why);
}

scan_result scan_task::result() const {
  return implementation_->result();
}

asio::posix::stream_descriptor& scan_task::descriptor() noexcept {
  return implementation_->descriptor;
}

asio::any_io_executor scan_task::get_executor() noexcept {
  return implementation_->descriptor.get_executor();
}

}  // namespace netscan::detail
