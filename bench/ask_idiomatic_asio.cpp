#include <memory>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include "contestants.hpp"

namespace netscan::bench {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

/// Asks one probe after the other, until none is left.
class asker : public std::enable_shared_from_this<asker> {
 public:
  asker(asio::io_context& context, const job& job, std::uint32_t& next, answers& result)
      : context_(context), job_(job), next_(next), result_(result) {}

  void ask() {
    if (next_ == job_.probes()) return;
    const sockaddr_in address = target(job_, next_++);
    const tcp::endpoint endpoint(asio::ip::address_v4(ntohl(address.sin_addr.s_addr)),
                                 ntohs(address.sin_port));
    socket_ = std::make_unique<tcp::socket>(context_);
    timer_ = std::make_unique<asio::steady_timer>(context_, job_.timeout);
    timer_->async_wait([self = shared_from_this()](error_code error) {
      if (!error) self->socket_->cancel();
    });
    socket_->async_connect(endpoint,
                           [self = shared_from_this()](error_code error) { self->ended(error); });
  }

 private:
  void ended(error_code error) {
    result_.count(error == asio::error::operation_aborted ? ETIMEDOUT : error.value());
    timer_.reset();
    socket_.reset();
    ask();
  }

  asio::io_context& context_;
  const job& job_;
  std::uint32_t& next_;
  answers& result_;
  std::unique_ptr<tcp::socket> socket_;
  std::unique_ptr<asio::steady_timer> timer_;
};

}  // namespace

answers ask_idiomatic_asio(const job& job) {
  answers result;
  std::uint32_t next = 0;
  asio::io_context context(1);
  for (std::uint32_t i = 0; i < job.in_flight; ++i) {
    std::make_shared<asker>(context, job, next, result)->ask();
  }
  context.run();
  return result;
}

}  // namespace netscan::bench
