#pragma once

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
/// Only the interfaces that the targets are reached by are looked at: on a node of a cluster others
/// come and go all the time.
class link_watch {
 public:
  explicit link_watch(const address_set& targets);

  /// True when the way broke after `since`. `now` may be some time ago, but not before the last
  /// call's; what happened in the last millisecond may not be known yet.
  bool broke_after(instant since, instant now) noexcept;

  /// True when it broke at all, as far as broke_after() has noticed.
  bool has_broken() const noexcept { return broke_at_ != instant::min(); }

 private:
  void take_notices(instant now) noexcept;

  std::vector<int> interfaces_;
  file_descriptor listener_;
  instant looked_at_ = instant::min();
  instant broke_at_ = instant::min();
};

}  // namespace netscan::detail
