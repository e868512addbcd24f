#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "check_session.hpp"
#include "netscan/check/check.hpp"
#include "netscan/scan/host.hpp"

namespace netscan {
namespace detail {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr unsigned most_at_once = 4096;
// What a check may have open: the connection, two attempts beside it, the pool's own two, the
// neighbour table, a folder of certificates.
constexpr unsigned descriptors_of_one = 8;

/// Many checks under way. Each holds it, so it lives until the last one has ended.
class check_run : public std::enable_shared_from_this<check_run> {
 public:
  check_run(const asio::any_io_executor& executor, std::vector<check_request> requests,
            const check_run_options& options, check_sink sink, check_all_handler handler)
      : executor_(executor),
        requests_(std::move(requests)),
        most_(std::clamp(
            options.concurrency, 1U,
            std::min(most_at_once, std::max(1U, descriptor_budget() / descriptors_of_one)))),
        sink_(std::move(sink)),
        handler_(std::move(handler)),
        handler_work_(asio::get_associated_executor(handler_, executor_)),
        records_(requests_.size()) {}

  void start() {
    if (auto slot = asio::get_associated_cancellation_slot(handler_); slot.is_connected()) {
      slot.assign([weak = weak_from_this()](asio::cancellation_type type) {
        if (const auto self = weak.lock()) self->cancel(type);
      });
    }
    // Never from within the initiating function.
    asio::post(executor_, [self = shared_from_this()] { self->go_on(); });
  }

 private:
  void go_on() {
    while (!is_cancelled_ && under_way_.size() < most_ && next_ < requests_.size()) {
      start_one(next_++);
    }
    if (under_way_.empty()) complete();
  }

  void start_one(std::size_t index) {
    async_check(executor_, requests_[index],
                asio::bind_cancellation_slot(
                    under_way_[index].slot(),
                    [self = shared_from_this(), index](error_code error, check_record record) {
                      self->end_one(index, error, std::move(record));
                    }));
  }

  void end_one(std::size_t index, error_code error, check_record record) {
    under_way_.erase(index);
    if (!error && sink_) sink_(index, record);
    // Without memory for one there is no telling what the others would come to.
    if (error && error != asio::error::operation_aborted) failure_ = error;
    if (!error) records_[index] = std::move(record);
    go_on();
  }

  void cancel(asio::cancellation_type type) {
    is_cancelled_ = true;
    for (auto& [index, signal] : under_way_) signal.emit(type);
  }

  void complete() {
    if (is_cancelled_) failure_ = asio::error::operation_aborted;
    for (std::size_t i = 0; i < records_.size(); ++i) {
      if (records_[i].steps.empty()) records_[i] = check_session(requests_[i]).finish();
    }
    if (auto slot = asio::get_associated_cancellation_slot(handler_); slot.is_connected()) {
      slot.clear();
    }
    const auto executor = handler_work_.get_executor();
    asio::dispatch(executor, [handler = std::move(handler_), error = failure_,
                              records = std::move(records_)]() mutable {
      std::move(handler)(error, std::move(records));
    });
    handler_work_.reset();
  }

  using handler_executor = asio::associated_executor_t<check_all_handler, asio::any_io_executor>;

  asio::any_io_executor executor_;
  std::vector<check_request> requests_;
  unsigned most_;
  check_sink sink_;
  check_all_handler handler_;
  asio::executor_work_guard<handler_executor> handler_work_;
  std::vector<check_record> records_;  // without steps as long as there is none
  std::map<std::size_t, asio::cancellation_signal> under_way_;
  std::size_t next_ = 0;
  bool is_cancelled_ = false;
  error_code failure_;
};

}  // namespace

void start_check_all(const asio::any_io_executor& executor, std::vector<check_request> requests,
                     const check_run_options& options, check_sink sink, check_all_handler handler) {
  std::make_shared<check_run>(executor, std::move(requests), options, std::move(sink),
                              std::move(handler))
      ->start();
}

}  // namespace detail

std::vector<check_record> check(std::span<const check_request> requests,
                                const check_run_options& options, const check_sink& sink,
                                const std::stop_token& stop) {
  namespace asio = boost::asio;
  raise_descriptor_limit();
  asio::io_context context{1};
  asio::cancellation_signal cancellation;
  std::vector<check_record> result;
  async_check_all(
      context.get_executor(), {requests.begin(), requests.end()}, options, sink,
      asio::bind_cancellation_slot(
          cancellation.slot(), [&](boost::system::error_code, std::vector<check_record> records) {
            result = std::move(records);
          }));
  const std::stop_callback on_stop(stop, [&] {
    asio::post(context, [&] { cancellation.emit(asio::cancellation_type::total); });
  });
  context.run();
  return result;
}

}  // namespace netscan
