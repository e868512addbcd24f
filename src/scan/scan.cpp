#include "netscan/scan/scan.hpp"

#include <algorithm>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>

#include "netscan/scan/header.hpp"
#include "netscan/scan/host.hpp"

namespace netscan {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

/// One thread's scan: an io_context for itself.
class worker {
 public:
  worker(std::shared_ptr<const plan> plan, detail::plan_slice slice, const scan_options& options,
         record_sink sink, scan_progress* progress)
      : task_(std::make_unique<detail::scan_task>(context_.get_executor(), std::move(plan), slice,
                                                  options, std::move(sink), progress)) {}

  void run() {
    detail::async_run(std::move(task_), asio::bind_cancellation_slot(
                                            cancellation_.slot(),
                                            [this](error_code error, const scan_summary& summary) {
                                              result_ = {error, summary};
                                            }));
    context_.run();
  }

  /// From any thread.
  void stop() {
    asio::post(context_, [this] { cancellation_.emit(asio::cancellation_type::total); });
  }

  const scan_result& result() const { return result_; }

 private:
  asio::io_context context_{1};
  asio::cancellation_signal cancellation_;
  std::unique_ptr<detail::scan_task> task_;
  scan_result result_;
};

/// The options of one thread of several: an equal part of what is limited.
scan_options share_of(const scan_options& options, unsigned threads, std::uint32_t concurrency) {
  scan_options share = options;
  share.concurrency = std::max<std::uint32_t>(1, concurrency / threads);
  if (options.rate != 0) share.rate = std::max<std::uint64_t>(1, options.rate / threads);
  for (std::uint32_t* limit : {&share.per_address, &share.per_network}) {
    if (*limit != 0) *limit = std::max<std::uint32_t>(1, *limit / threads);
  }
  return share;
}

/// False when this host has no more threads for this user.
template <typename Function>
bool start_thread(std::vector<std::jthread>& threads, const Function& run) {
  try {
    threads.emplace_back(run);
  } catch (const std::system_error&) {
    return false;
  }
  return true;
}

scan_result combine(const std::vector<std::unique_ptr<worker>>& workers) {
  scan_result total;
  total.summary.complete = true;
  for (const auto& worker : workers) {
    const scan_result& part = worker->result();
    add(total.summary, part.summary);
    total.summary.duration_ms = std::max(total.summary.duration_ms, part.summary.duration_ms);
    // A sink's error tells more than that the other threads were stopped because of it.
    if (!total.error || total.error == asio::error::operation_aborted) {
      if (part.error) total.error = part.error;
    }
  }
  return total;
}

}  // namespace

scan_result scan(const plan& plan, const scan_options& options, record_sink sink,
                 const std::stop_token& stop, scan_progress* progress) {
  if (plan.size() == 0) return {{}, {.complete = true}};  // the rest of a scan that was done
  raise_descriptor_limit();
  const unsigned threads = effective_threads(plan, options);
  const auto shared_plan = std::make_shared<const netscan::plan>(plan);

  std::vector<std::unique_ptr<worker>> workers;
  const auto stop_all = [&workers] {
    for (const auto& worker : workers) worker->stop();
  };
  std::mutex sink_mutex;
  // Held once a batch, not once a probe.
  const record_sink shared_sink = [&](std::span<const probe_record> records) {
    const std::lock_guard lock(sink_mutex);
    const error_code error = sink(records);
    if (error) stop_all();
    return error;
  };
  const scan_options share = share_of(options, threads, effective_concurrency(plan, options));
  try {
    for (unsigned i = 0; i < threads; ++i) {
      workers.push_back(std::make_unique<worker>(shared_plan, detail::plan_slice{i, threads}, share,
                                                 threads == 1 ? sink : shared_sink, progress));
    }
  } catch (const boost::system::system_error& failure) {  // an io_context needs descriptors
    return {failure.code(), {.planned = plan.size(), .not_started = plan.size()}};
  }

  const std::stop_callback on_stop(stop, stop_all);
  std::vector<std::jthread> others;
  while (others.size() + 1 < workers.size()) {
    const auto run = [worker = workers[others.size() + 1].get()] { worker->run(); };
    if (!start_thread(others, run)) break;
  }
  workers.front()->run();
  // Those that this host has no thread for come after it.
  for (std::size_t i = others.size() + 1; i < workers.size(); ++i) workers[i]->run();
  others.clear();
  return combine(workers);
}

}  // namespace netscan
