#include "socket_pool.hpp"

#include <netinet/tcp.h>
#include <sys/timerfd.h>

#include <cerrno>
#include <cstddef>

#include <boost/system/system_error.hpp>

#include "error_queue.hpp"
#include "socket_address.hpp"

namespace netscan::detail {
namespace {

constexpr std::uint64_t timer_token = ~std::uint64_t{0};

// The kernel repeats a SYN after a second (RFC 6298 2.1; TCP_TIMEOUT_INIT), a little earlier at the
// most because of its clock's granularity. Younger attempts need not be asked how many they sent:
// what it repeats sooner, it does for a RST or SYN-ACK with a false acknowledgement
// (tcp_rcv_synsent_state_process() in net/ipv4/tcp_input.c), which takes somebody hostile.
constexpr instant first_retransmission = std::chrono::milliseconds(950);

int connect_to(int fd, const endpoint& destination) noexcept {
  const socket_address address(destination);
  return ::connect(fd, address.data(), address.size()) == 0 ? 0 : errno;
}

bool disconnect(int fd) noexcept {
  sockaddr unspecified{};
  unspecified.sa_family = AF_UNSPEC;
  return ::connect(fd, &unspecified, sizeof unspecified) == 0;
}

/// What the kernel did with an attempt's SYNs.
struct sent_syns {
  unsigned count = 1;
  /// The last repetition did not get out of this host: the first SYN is kept as unanswered, but
  /// none as repeated (__tcp_retransmit_skb() in net/ipv4/tcp_output.c). A rule of nftables for
  /// output does that, a full connection table, or a full queue. connect() does not tell of it.
  bool held_back = false;
};

/// Must be asked before the socket is reset.
sent_syns ask_of_syns(int fd, instant age) noexcept {
  if (age < first_retransmission) return {};
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return {};
  return {1 + info.tcpi_total_retrans, info.tcpi_total_retrans > 0 && info.tcpi_retrans == 0};
}

/// Whether the kernel has taken the attempt back when connect() fails so. With other errors it may
/// still be under way.
bool ends_attempt(int error) noexcept {
  return error == ECONNREFUSED || error == EHOSTUNREACH || error == ENETUNREACH ||
         error == ETIMEDOUT;
}

bool connected_to_itself(int fd, const endpoint& destination) noexcept {
  socket_address local;
  socklen_t size = socket_address::capacity();
  return ::getsockname(fd, local.data(), &size) == 0 && local.to_endpoint() == destination;
}

[[noreturn]] void throw_error(const char* what) {
  throw boost::system::system_error(
      boost::system::error_code(errno, boost::system::system_category()), what);
}

file_descriptor checked(int fd, const char* what) {
  if (fd < 0) throw_error(what);
  return file_descriptor(fd);
}

}  // namespace

socket_pool::socket_pool(std::uint32_t capacity, address_set local)
    : epoll_(checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      timer_(
          checked(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC), "timerfd_create")),
      local_(std::move(local)) {
  slots_.reserve(capacity);
  epoll_event event{};
  event.events = EPOLLIN | EPOLLET;
  event.data.u64 = timer_token;
  const int result = ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, timer_.get(), &event);
  if (result != 0) throw_error("epoll_ctl");
}

int socket_pool::open_socket(slot_index index, ip_family family) noexcept {
  const int domain = family == ip_family::v4 ? AF_INET : AF_INET6;
  file_descriptor fd(::socket(domain, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return errno;
  const int on = 1;
  const int result = family == ip_family::v4
                         ? ::setsockopt(fd.get(), IPPROTO_IP, IP_RECVERR, &on, sizeof on)
                         : ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof on);
  if (result != 0) return errno;
  // Edge-triggered: a socket is reported when its state changes, not as long as it is idle.
  epoll_event event{};
  event.events = EPOLLOUT | EPOLLET;
  event.data.u64 = index;
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd.get(), &event) != 0) return errno;
  slots_[index].of(family) = std::move(fd);
  return 0;
}

socket_pool::aimed_socket& socket_pool::at(slot_index index) noexcept {
  if (index >= slots_.size()) slots_.resize(index + 1);  // within what was reserved
  return slots_[index];
}

int socket_pool::limit_hops(slot_index index, ip_family family, std::uint8_t hops) noexcept {
  const file_descriptor& fd = at(index).of(family);
  if (!fd) {
    const int error = open_socket(index, family);
    if (error != 0) return error;
  }
  const int value = hops;
  const int result =
      family == ip_family::v4
          ? ::setsockopt(fd.get(), IPPROTO_IP, IP_TTL, &value, sizeof value)
          : ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_UNICAST_HOPS, &value, sizeof value);
  return result == 0 ? 0 : errno;
}

void socket_pool::close(slot_index index) noexcept {
  // Closing takes them out of the epoll set; an event that is already there finds the slot idle.
  slots_[index] = aimed_socket();
}

void socket_pool::reset(aimed_socket& socket) noexcept {
  // A socket that still has the answer to another attempt would give it to the next one.
  if (!disconnect(socket.current())) socket.of(socket.destination.address.family()) = {};
}

attempt_result socket_pool::aim(slot_index index, const endpoint& destination) noexcept {
  aimed_socket& socket = at(index);
  socket.destination = destination;
  if (socket.current() < 0) {
    const int error = open_socket(index, destination.address.family());
    if (error != 0) return {attempt_result::failed_locally, {}, error, 0};
  }
  const int error = connect_to(socket.current(), destination);
  if (error == EINPROGRESS) {
    socket.busy = true;
    return {attempt_result::pending, {}, 0, 1};
  }
  if (error == 0) {
    socket.busy = true;
    return resolve({index, 0}, instant(0));
  }
  attempt_result result = interpret_failure(socket, error, 1);
  // Refused before anything was sent, as far as this host knows.
  if (result.state == attempt_result::failed_locally) result.syns = 0;
  return result;
}

attempt_result socket_pool::resolve(const event& event, instant age) noexcept {
  aimed_socket& socket = slots_[event.slot];
  const int fd = socket.current();
  const unsigned syns = ask_of_syns(fd, age).count;
  const int error = connect_to(fd, socket.destination);
  switch (error) {
    case 0:
    case EISCONN:
    // The handshake was done, and the peer has already dropped the connection: a RST to a SYN would
    // be ECONNREFUSED (tcp_reset() in net/ipv4/tcp_input.c).
    case ECONNRESET:
    case EPIPE: {
      socket.busy = false;
      const bool itself = connected_to_itself(fd, socket.destination);
      if (itself || !keeps_connections_) reset(socket);
      if (itself) return {attempt_result::self_connected, {}, 0, syns};
      return {attempt_result::answered, {probe_reason::syn_ack, std::nullopt}, 0, syns};
    }
    case EALREADY:
      // Still connecting. An ICMP error that came while the socket was in use does not end the
      // attempt (it is counted as LockDroppedIcmps), but it is in the queue, and it is the answer.
      if ((event.mask & EPOLLERR) != 0) {
        if (const auto evidence = drain_error_queue(fd, socket.destination)) {
          socket.busy = false;
          reset(socket);
          return interpret_icmp(*evidence, syns);
        }
      }
      return {attempt_result::pending, {}, 0, syns};
    case EINPROGRESS:
      return {attempt_result::pending, {}, 0, syns};
    default:
      socket.busy = false;
      return interpret_failure(socket, error, syns);
  }
}

attempt_result socket_pool::interpret_failure(aimed_socket& socket, int error,
                                              unsigned syns) noexcept {
  socket.busy = false;
  const auto evidence = drain_error_queue(socket.current(), socket.destination);
  if (!ends_attempt(error)) reset(socket);
  if (evidence) return interpret_icmp(*evidence, syns);
  if (error == ECONNREFUSED) {
    return {attempt_result::answered, {probe_reason::conn_refused, std::nullopt}, 0, syns};
  }
  if (error == ETIMEDOUT) return {attempt_result::silent, {}, 0, syns};
  return {attempt_result::failed_locally, {}, error, syns};
}

attempt_result socket_pool::interpret_icmp(const icmp_evidence& evidence,
                                           unsigned syns) const noexcept {
  const ip_family family = evidence.from.family();
  probe_reason reason = reason_of_icmp(family, evidence.type, evidence.code);
  if (reason == probe_reason::host_unreach && local_.contains(evidence.from)) {
    reason = probe_reason::no_neighbor;
  }
  return {attempt_result::answered, {reason, evidence}, 0, syns};
}

attempt_result socket_pool::abandon(slot_index index, instant age) noexcept {
  aimed_socket& socket = slots_[index];
  const int fd = socket.current();
  const sent_syns syns = ask_of_syns(fd, age);
  const auto evidence = drain_error_queue(fd, socket.destination);
  socket.busy = false;
  reset(socket);
  if (evidence) return interpret_icmp(*evidence, syns.count);
  // One SYN may have been sent; the repetitions were not.
  if (syns.held_back) return {attempt_result::failed_locally, {}, ECOMM, 1};
  return {attempt_result::silent, {}, 0, syns.count};
}

ip_address socket_pool::source(slot_index index) noexcept {
  socket_address local;
  socklen_t size = socket_address::capacity();
  if (::getsockname(slots_[index].current(), local.data(), &size) != 0) return {};
  return local.to_endpoint().address;
}

file_descriptor socket_pool::take(slot_index index) noexcept {
  const ip_family family = slots_[index].destination.address.family();
  file_descriptor fd = std::move(slots_[index].sockets[family == ip_family::v6 ? 1 : 0]);
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd.get(), nullptr);
  // With it, any ICMP error would end the connection, which TCP itself gets over (RFC
  // 1122 4.2.3.9).
  const int off = 0;
  if (family == ip_family::v4) {
    ::setsockopt(fd.get(), IPPROTO_IP, IP_RECVERR, &off, sizeof off);
  } else {
    ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_RECVERR, &off, sizeof off);
  }
  return fd;
}

std::span<const socket_pool::event> socket_pool::poll(bool& more) noexcept {
  int count = 0;
  do {
    count = ::epoll_wait(epoll_.get(), raw_events_.data(), static_cast<int>(raw_events_.size()), 0);
  } while (count < 0 && errno == EINTR);
  more = count == static_cast<int>(raw_events_.size());
  std::size_t kept = 0;
  for (int i = 0; i < count; ++i) {
    const epoll_event& raw = raw_events_[static_cast<std::size_t>(i)];
    if (raw.data.u64 == timer_token) {
      timer_set_for_ = instant::max();
      continue;
    }
    // A socket that was reset reports EPOLLHUP once more; nobody waits for it.
    const auto index = static_cast<slot_index>(raw.data.u64);
    if (slots_[index].busy) events_[kept++] = {index, raw.events};
  }
  return {events_.data(), kept};
}

void socket_pool::wake_at(instant when) noexcept {
  // The timer may run out early, then nothing is due and it is set again; setting it costs a system
  // call, so it is not moved to a later time.
  if (timer_set_for_ <= when) return;
  timer_set_for_ = when;
  itimerspec spec{};
  const instant at = std::max(when, instant(1));  // zero would disarm it
  spec.it_value.tv_sec = static_cast<time_t>(at.count() / 1'000'000'000);
  spec.it_value.tv_nsec = static_cast<long>(at.count() % 1'000'000'000);
  ::timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &spec, nullptr);
}

}  // namespace netscan::detail
