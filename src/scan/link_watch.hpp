#pragma once

#include <linux/netlink.h>

#include <vector>

#include "clock.hpp"
#include "file_descriptor.hpp"
#include "machine.hpp"
#include "netscan/target/address_set.hpp"

namespace netscan::detail {

/// Whether this host's own way to the targets broke while answers were waited for: its interface
/// went down, its address or its route was taken away. Silence since before that is this host's,
/// not the network's.
///
/// Told by the kernel over netlink, without privileges (rtnetlink(7)), from the construction on.
/// Only what the targets are reached by is looked at: on a node of a cluster interfaces, addresses
/// and routes of others come and go all the time.
class link_watch {
 public:
  /// `targets` must live as long as the watch.
  explicit link_watch(const address_set& targets);

  /// Takes in what happened up to `now`, which may be some time ago, but not before the last
  /// call's. What happened in the last millisecond may be left for the next call.
  void look(instant now) noexcept;

  /// True when the interface went down, or a route to targets was taken away, after `since`.
  bool broke_after(instant since) const noexcept { return broke_at_ >= since; }

  /// True when lost_after() may be true of some address.
  bool has_lost_any() const noexcept { return broke_at_ != instant::min() || !lost_.empty(); }

  /// True when this address of the host's was taken away after `since`, so that no answer to it can
  /// come; or when it is the unspecified one, which a socket has when its interface had none left.
  bool lost_after(const ip_address& source, instant since) const noexcept;

 private:
  struct loss {
    ip_address address;
    instant at;
  };

  void take(const nlmsghdr& message, instant now) noexcept;
  void take_loss(const ip_address& address, instant now) noexcept;
  bool is_ours(int interface) const noexcept;
  bool is_way_to_targets(const nlmsghdr& message) const noexcept;

  const address_set& targets_;
  std::vector<int> interfaces_;
  file_descriptor listener_;
  instant looked_at_ = instant::min();
  instant broke_at_ = instant::min();
  std::vector<loss> lost_;  // each address once
};

}  // namespace netscan::detail
