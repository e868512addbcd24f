#include "netscan/scan/tuner.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <functional>
#include <unordered_set>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/system_error.hpp>

#include "netscan/scan/host.hpp"
#include "netscan/scan/scan.hpp"

namespace netscan {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using clock = std::chrono::steady_clock;

// Every attempt waits at least so long before its place is given to another (the soft timeout).
constexpr std::uint32_t shortest_wait_us = 50'000;
// A step asks so many probes for each in flight, so that for most of its time all are.
constexpr std::uint64_t probes_for_each = 4;
// Descriptors of a scan that are no probe's: epoll and timer of the pool, netlink.
constexpr std::uint32_t descriptors_of_a_scan = 3;

std::uint64_t divide_up(std::uint64_t value, std::uint64_t by) noexcept {
  return (value + by - 1) / by;
}

struct endpoint_hash {
  std::size_t operator()(const endpoint& e) const noexcept {
    std::uint64_t hash = e.address.high() ^ (e.address.low() * 0x9e3779b97f4a7c15);
    hash = (hash ^ e.port) * 0xff51afd7ed558ccd;
    return static_cast<std::size_t>(hash ^ (hash >> 32));
  }
};

using endpoint_set = std::unordered_set<endpoint, endpoint_hash>;

bool has_both_families(const address_set& targets) {
  return !targets.empty() &&
         targets.ranges().front().first.family() != targets.ranges().back().first.family();
}

/// The scans of one step, several at a time, on one io_context.
class step_scans {
 public:
  step_scans(asio::io_context& context, const plan& plan, const scan_options& options,
             std::uint64_t rounds, const endpoint_set& known)
      : context_(context), plan_(plan), options_(options), rounds_(rounds), known_(known) {}

  void start() {
    ++running_;
    --rounds_;
    asio::cancellation_signal& signal = signals_.emplace_back();
    const auto ended = [this](error_code error, const scan_summary& summary) {
      --running_;
      add(summary);
      if (error && error != asio::error::operation_aborted) failure_ = error;
      if (!error && rounds_ != 0) return start();
      if (running_ == 0 && on_end) on_end();
    };
    async_scan(
        context_.get_executor(), plan_, options_,
        [this](std::span<const probe_record> records) { return look_at(records); },
        asio::bind_cancellation_slot(signal.slot(), ended), &progress_);
  }

  void cancel() {
    step.complete = false;
    rounds_ = 0;
    // Before: afterwards nothing is in flight any more.
    abandoned_ = progress_.in_flight;
    for (asio::cancellation_signal& signal : signals_) {
      signal.emit(asio::cancellation_type::total);
    }
  }

  /// Once all have ended.
  void finish() {
    if (failure_) throw boost::system::system_error(failure_);
    step.attempts = progress_.attempts - abandoned_;
    step.late_answers = std::min(step.answers, static_cast<std::uint64_t>(std::llround(late_)));
  }

  tuning_step step;
  endpoint_set answered;
  std::function<void()> on_end;

 private:
  error_code look_at(std::span<const probe_record> records) {
    for (const probe_record& record : records) {
      const endpoint probe{record.ip, record.port};
      const bool was_known = known_.contains(probe);
      if (was_known) ++step.known;
      if (was_known && record.reason == probe_reason::no_response) ++step.missed;
      if (state_of(record.reason) == probe_state::open ||
          state_of(record.reason) == probe_state::closed) {
        answered.insert(probe);
        // So quick an answer to a later attempt would have come to the first one too. What the
        // kernel's own repetition brought is in the summary.
        if (record.attempts > 1 && record.rtt_us && *record.rtt_us < shortest_wait_us) ++late_;
      }
    }
    return {};
  }

  void add(const scan_summary& summary) {
    step.probes += summary.ended();
    step.answers += summary.open + summary.closed;
    step.errors += summary.error;
    step.back_pressure += summary.back_pressure;
    late_ += summary.loss_estimate * static_cast<double>(summary.open + summary.closed);
  }

  asio::io_context& context_;
  const plan& plan_;
  const scan_options& options_;
  std::uint64_t rounds_;
  const endpoint_set& known_;
  std::deque<asio::cancellation_signal> signals_;  // a slot must not move
  scan_progress progress_;
  unsigned running_ = 0;
  std::uint64_t abandoned_ = 0;
  double late_ = 0;
  error_code failure_;
};

}  // namespace

struct tuner::implementation {
  plan the_plan;
  tuner_options options;
  endpoint_set known;  // has answered at a step so far
};

tuner::tuner(plan plan, const tuner_options& options)
    : implementation_(
          std::make_unique<implementation>(implementation{std::move(plan), options, {}})) {}

tuner::~tuner() = default;
tuner::tuner(tuner&&) noexcept = default;
tuner& tuner::operator=(tuner&&) noexcept = default;

std::uint32_t tuner::most() const noexcept {
  const plan& plan = implementation_->the_plan;
  constexpr std::uint32_t own = most_copies * descriptors_of_a_scan;
  std::uint32_t budget = descriptor_budget();
  budget = budget > own ? budget - own : 1;
  if (has_both_families(plan.targets())) budget = std::max(1u, budget / 2);
  const std::uint64_t by_plan =
      plan.size() > max_concurrency / most_copies ? max_concurrency : plan.size() * most_copies;
  return static_cast<std::uint32_t>(
      std::min({std::uint64_t{budget}, by_plan, std::uint64_t{max_concurrency}}));
}

std::uint64_t tuner::probes_at(std::uint32_t concurrency) const noexcept {
  const std::uint64_t size = implementation_->the_plan.size();
  return size * divide_up(probes_for_each * concurrency, size);
}

tuning_step tuner::measure(std::uint32_t concurrency, const std::stop_token& stop) {
  implementation& self = *implementation_;
  const std::uint64_t size = self.the_plan.size();
  const std::uint64_t copies = std::min<std::uint64_t>(divide_up(concurrency, size), most_copies);
  scan_options options = self.options.scan;
  options.concurrency = static_cast<std::uint32_t>(divide_up(concurrency, copies));
  if (options.rate != 0) options.rate = std::max<std::uint64_t>(1, options.rate / copies);

  asio::io_context context(1);
  step_scans scans(context, self.the_plan, options, probes_at(concurrency) / size, self.known);
  asio::steady_timer timer(context, self.options.step_time);
  timer.async_wait([&](error_code error) {
    if (!error) scans.cancel();
  });
  scans.on_end = [&] { timer.cancel(); };
  const auto started = clock::now();
  for (std::uint64_t i = 0; i < copies; ++i) scans.start();
  {
    const std::stop_callback on_stop(stop, [&] { asio::post(context, [&] { scans.cancel(); }); });
    context.run();
  }
  scans.step.concurrency = concurrency;
  scans.step.duration = clock::now() - started;
  scans.finish();
  self.known.merge(scans.answered);
  return scans.step;
}

}  // namespace netscan
