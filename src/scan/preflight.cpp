#include "netscan/scan/preflight.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "neighbor_search.hpp"
#include "netscan/scan/header.hpp"
#include "netscan/scan/host.hpp"
#include "proc_file.hpp"
#include "saturated.hpp"

namespace netscan {
namespace {

using detail::read_number;

// How long connection tracking keeps a SYN that nobody answers (nf_conntrack_tcp_timeout_syn_sent).
constexpr std::uint64_t seconds_tracked = 120;
constexpr std::chrono::duration<double> looked_for = detail::neighbor_search_time;

std::optional<std::uint64_t> read_local_ports() {
  const std::vector<std::uint64_t> range =
      detail::read_numbers("/proc/sys/net/ipv4/ip_local_port_range");
  if (range.size() != 2 || range[1] < range[0]) return std::nullopt;
  return range[1] - range[0] + 1;
}

std::string about(double seconds) {
  if (seconds < 120) return fmt::format("{:.0f} s", seconds);
  return fmt::format("{:.0f} minutes", seconds / 60);
}

}  // namespace

host_limits read_host_limits() {
  host_limits limits;
  limits.descriptors = descriptor_budget();
  limits.local_ports = read_local_ports();
  limits.neighbors = read_number("/proc/sys/net/ipv4/neigh/default/gc_thresh3");
  limits.conntrack_max = read_number("/proc/sys/net/netfilter/nf_conntrack_max");
  limits.conntrack_used = read_number("/proc/sys/net/netfilter/nf_conntrack_count");
  limits.memory_kib = available_memory_kib();
  return limits;
}

std::vector<std::string> preflight_warnings(const plan& plan, const scan_options& options,
                                            const host_limits& limits) {
  std::vector<std::string> warnings;
  const std::uint64_t wanted = std::min<std::uint64_t>(
      options.concurrency != 0 ? options.concurrency : max_concurrency, plan.size());
  const std::uint32_t possible = effective_concurrency(plan, options);
  if (possible < wanted) {
    warnings.push_back(fmt::format(
        "at most {} of {} probes are in flight at once: that is what the limit of open files "
        "(ulimit -n) and the free memory allow",
        possible, wanted));
  }
  if (limits.conntrack_max && limits.conntrack_used) {
    const std::uint64_t room =
        *limits.conntrack_max - std::min(*limits.conntrack_max, *limits.conntrack_used);
    const std::uint64_t tracked =
        options.rate == 0
            ? plan.size()
            : std::min(plan.size(), seconds_tracked * std::min(options.rate, plan.size()));
    if (tracked > room) {
      warnings.push_back(fmt::format(
          "this host tracks connections and has room for {} more, each for {} s if it stays "
          "silent: {} probes may fill the table; --rate {} does not",
          room, seconds_tracked, tracked, std::max<std::uint64_t>(1, room / seconds_tracked)));
    }
  }
  const std::uint64_t on_link =
      detail::saturated(plan.targets().size() - (plan.targets() - on_link_addresses()).size());
  const std::uint32_t at_once = most_unresolved_neighbors();
  if (on_link > at_once) {
    warnings.push_back(fmt::format(
        "{} addresses are on this host's own links, where it looks for {} at a time, not to "
        "overrun its table of neighbours: if nobody is there that takes {}",
        on_link, at_once, about(looked_for.count() * static_cast<double>(on_link) / at_once)));
  }
  return warnings;
}

}  // namespace netscan
