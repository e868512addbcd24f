/// Sockets that are aimed again and again.
///
/// A connect scanner that opens, registers, connects and closes a socket for each probe spends most
/// of its time on that. Here a socket is opened, set up and registered with epoll once, and then:
///
///  - connect(target) starts an attempt;
///  - once epoll reports the socket, connect(target) again tells how it ended, and when it failed
///    leaves the socket unconnected, ready for the next target;
///  - connect(AF_UNSPEC) gives an attempt up, or drops a connection that was made: then it sends a
///    RST, so that no TIME_WAIT is left behind (connect(2); tcp_disconnect() in net/ipv4/tcp.c).
///
/// The pool's epoll descriptor also holds a timer, so that whoever waits for the pool waits for
/// this one descriptor only. One thread uses a pool.
#pragma once

#include <sys/epoll.h>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "file_descriptor.hpp"
#include "machine.hpp"
#include "netscan/target/address_set.hpp"

namespace netscan::detail {

/// How an attempt stands.
struct attempt_result {
  enum kind : std::uint8_t {
    pending,         ///< no answer yet
    answered,        ///< `what` is the answer
    silent,          ///< the kernel gave up, or nothing had come when it was abandoned
    failed_locally,  ///< `error` is the errno
    self_connected,  ///< source and destination were the same: no answer at all
  };

  kind state;
  answer what;
  int error = 0;
  unsigned syns = 1;
};

class socket_pool {
 public:
  /// An epoll event says that this slot's attempt may have ended.
  struct event {
    slot_index slot;
    std::uint32_t mask;
  };

  /// `local` are this host's addresses: a "host unreachable" from one of them means that nobody
  /// answered ARP or ND on the link. Throws boost::system::system_error when there is no
  /// descriptor or memory left for the pool itself.
  socket_pool(std::uint32_t capacity, address_set local);

  /// Readable when there are events, or the timer has run out. Stays the pool's own.
  int native_handle() const noexcept { return epoll_.get(); }

  /// Starts an attempt: `pending`, or an answer or failure that was there at once.
  attempt_result aim(slot_index slot, const endpoint& destination) noexcept;

  /// Lets what the slot sends to this family go `hops` hops at most (IP_TTL in ip(7),
  /// IPV6_UNICAST_HOPS in ipv6(7)), from its next attempt on. Returns 0 or an errno.
  int limit_hops(slot_index slot, ip_family family, std::uint8_t hops) noexcept;

  /// Closes the slot's sockets. To be called when its attempt has ended.
  void close(slot_index slot) noexcept;

  /// Asks how an attempt ended that epoll has reported. `age`: how long it has been waiting.
  attempt_result resolve(const event& event, instant age) noexcept;

  /// Gives an attempt up: `silent`, or the answer that was there after all. `failed_locally` with
  /// ECOMM when this host has held the repeated SYN back.
  attempt_result abandon(slot_index slot, instant age) noexcept;

  /// The address of this host that an attempt in flight is to be answered to; the unspecified one
  /// when the interface had none left while the route stayed.
  ip_address source(slot_index slot) noexcept;

  /// From now on connections that were made are kept, for take(); without this they are dropped.
  void keep_connections() noexcept { keeps_connections_ = true; }

  /// Hands over the connection of a slot that was answered `syn_ack`, non-blocking.
  file_descriptor take(slot_index slot) noexcept;

  /// The events there are now, without those of slots that are not in flight. When `more` is set,
  /// there may be further ones.
  std::span<const event> poll(bool& more) noexcept;

  /// Lets native_handle() become readable at `when` (CLOCK_MONOTONIC).
  void wake_at(instant when) noexcept;

 private:
  struct aimed_socket {
    std::array<file_descriptor, 2> sockets;  // by family; opened when first needed
    endpoint destination;
    bool busy = false;

    file_descriptor& of(ip_family family) noexcept {
      return sockets[family == ip_family::v6 ? 1 : 0];
    }
    int current() const noexcept { return sockets[destination.address.is_v6() ? 1 : 0].get(); }
  };

  aimed_socket& at(slot_index index) noexcept;
  int open_socket(slot_index index, ip_family family) noexcept;
  void reset(aimed_socket& socket) noexcept;
  attempt_result interpret_failure(aimed_socket& socket, int error, unsigned syns) noexcept;
  attempt_result interpret_icmp(const icmp_evidence& evidence, unsigned syns) const noexcept;

  static constexpr std::size_t events_at_once = 512;

  file_descriptor epoll_;
  file_descriptor timer_;
  instant timer_set_for_{instant::max()};
  bool keeps_connections_ = false;
  address_set local_;
  std::vector<aimed_socket> slots_;
  std::array<epoll_event, events_at_once> raw_events_;
  std::array<event, events_at_once> events_;
};

}  // namespace netscan::detail
