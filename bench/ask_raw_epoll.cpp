#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <deque>
#include <vector>

#include "contestants.hpp"

namespace netscan::bench {
namespace {

using clock = std::chrono::steady_clock;

class epoll_loop {
 public:
  explicit epoll_loop(const job& job)
      : job_(job), epoll_(::epoll_create1(0)), slots_(job.in_flight) {
    for (std::uint32_t i = job.in_flight; i-- > 0;) free_.push_back(i);
  }
  ~epoll_loop() { ::close(epoll_); }
  epoll_loop(const epoll_loop&) = delete;
  epoll_loop& operator=(const epoll_loop&) = delete;

  answers run() {
    std::uint32_t next = 0;
    while (next < job_.probes() || free_.size() < slots_.size()) {
      const clock::time_point now = clock::now();  // once for all that is started together
      for (; !free_.empty() && next < job_.probes(); ++next) start(next, now + job_.timeout);
      take_answers();
      give_up_late_ones();
    }
    return result_;
  }

 private:
  struct slot {
    int fd = -1;
    std::uint32_t uses = 0;
  };
  struct deadline {
    clock::time_point at;
    std::uint32_t slot;
    std::uint32_t use;
  };

  void start(std::uint32_t index, clock::time_point deadline) {
    const std::uint32_t number = free_.back();
    free_.pop_back();
    slot& slot = slots_[number];
    slot.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    ++slot.uses;
    epoll_event event{};
    event.events = EPOLLOUT;
    event.data.u32 = number;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, slot.fd, &event);
    deadlines_.push_back({deadline, number, slot.uses});
    connect_to(slot.fd, target(job_, index));
  }

  void end(std::uint32_t number, int error) {
    ::close(slots_[number].fd);
    slots_[number].fd = -1;
    free_.push_back(number);
    result_.count(error);
  }

  void take_answers() {
    std::array<epoll_event, 512> events;
    const auto patience = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadlines_.empty() ? job_.timeout : deadlines_.front().at - clock::now());
    const int wait = static_cast<int>(std::max<std::int64_t>(0, patience.count() + 1));
    const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), wait);
    for (int i = 0; i < count; ++i) {
      const std::uint32_t number = events[static_cast<std::size_t>(i)].data.u32;
      int error = 0;
      socklen_t size = sizeof error;
      ::getsockopt(slots_[number].fd, SOL_SOCKET, SO_ERROR, &error, &size);
      end(number, error);
    }
  }

  // All have the same patience, so the one started first is the first to run out of it.
  void give_up_late_ones() {
    const clock::time_point now = clock::now();
    while (!deadlines_.empty()) {
      const deadline& first = deadlines_.front();
      const slot& slot = slots_[first.slot];
      const bool ended = slot.uses != first.use || slot.fd < 0;
      if (!ended && first.at > now) return;
      if (!ended) end(first.slot, ETIMEDOUT);
      deadlines_.pop_front();
    }
  }

  const job& job_;
  int epoll_;
  std::vector<slot> slots_;
  std::vector<std::uint32_t> free_;
  std::deque<deadline> deadlines_;
  answers result_;
};

}  // namespace

answers ask_raw_epoll(const job& job) {
  return epoll_loop(job).run();
}

}  // namespace netscan::bench
