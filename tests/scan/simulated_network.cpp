#include "simulated_network.hpp"

#include <algorithm>
#include <cerrno>
#include <queue>

namespace netscan::testing {
namespace {

using detail::instant;
using detail::order;
using detail::slot_index;

std::uint64_t mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

/// A number in [0, 1) from the seed and what it is about.
double chance(const network_options& network, const endpoint& about, std::uint64_t salt) {
  std::uint64_t hash = mix(network.seed);
  for (const std::uint64_t part :
       {about.address.high(), about.address.low(), std::uint64_t{about.port}, salt}) {
    hash = mix(hash ^ part);
  }
  return static_cast<double>(hash >> 11) / static_cast<double>(std::uint64_t{1} << 53);
}

enum salt : std::uint64_t {
  for_kind = 1,
  for_rtt,
  for_slow,
  for_extra,
  for_shortage,
  for_packets = 100
};

instant rtt_of(const network_options& network, const endpoint& probe) {
  instant rtt =
      network.rtt_min + instant(static_cast<std::int64_t>(
                            static_cast<double>((network.rtt_max - network.rtt_min).count()) *
                            chance(network, probe, for_rtt)));
  if (chance(network, probe, for_slow) < network.slow) {
    rtt += instant(static_cast<std::int64_t>(1e9 * chance(network, probe, for_extra)));
  }
  return rtt;
}

/// When the kernel sends the SYNs of an attempt (tcp_syn_linear_timeouts): at 0, 1, 2, 3, 4 s.
instant syn_time(unsigned number) {
  return std::chrono::seconds(number);
}

class simulation {
 public:
  simulation(const plan& plan, const network_options& network, detail::machine_options options)
      : network_(network), options_(options), machine_(plan, {}, options) {}

  simulation_result run(instant stop_after) {
    while (now_ <= stop_after && result_.broken.empty()) {
      deliver();
      const order next = machine_.next(now_);
      if (next.what == order::finished) break;
      carry_out(next);
    }
    drain_records();
    result_.summary = machine_.summary();
    result_.took = now_;
    return std::move(result_);
  }

 private:
  struct arrival {
    instant at;
    slot_index slot;
    std::uint64_t attempt;
    bool operator>(const arrival& other) const { return at > other.at; }
  };

  void carry_out(const order& next) {
    idle_orders_ = next.what == order::wait || next.what == order::aim ? 0 : idle_orders_ + 1;
    if (idle_orders_ > 1'000'000) result_.broken = "the machine makes no progress";
    switch (next.what) {
      case order::aim:
        return aim(next.slot);
      case order::abandon:
        return abandon(next.slot);
      case order::flush:
        if (machine_.records().empty()) result_.broken = "a flush without records";
        return drain_records();
      case order::wait:
        return sleep(next.until);
      case order::finished:
        return;
    }
  }

  void aim(slot_index slot) {
    if (slot >= slots_.size()) slots_.resize(slot + 1);
    if (slots_[slot].attempt != 0) result_.broken = "a slot was aimed while it was in use";
    const endpoint probe = machine_.destination(slot);
    if (const int error = host_error(probe)) {
      machine_.failed_locally(slot, error, 0, now_);
      return;
    }
    slots_[slot] = {++attempts_, ++asked_[probe]};
    machine_.aimed(slot, now_);
    result_.sent_at.push_back(now_);
    result_.most_in_flight = std::max(result_.most_in_flight, machine_.in_flight());
    count_by_destination(probe.address);
    schedule_answers(slot, probe);
  }

  void count_by_destination(const netscan::ip_address& address) {
    result_.most_to_an_address = std::max(result_.most_to_an_address, ++to_address_[address]);
    result_.most_to_a_network =
        std::max(result_.most_to_a_network, ++to_network_[address.low() >> 8]);
    if (heard_from_.contains(address)) return;
    std::erase_if(looked_for_, [&](const auto& entry) {
      return now_ - entry.second >= std::chrono::milliseconds(3100);
    });
    looked_for_.emplace(address, now_);
    result_.most_looked_for = std::max(result_.most_looked_for, looked_for_.size());
  }

  void end_attempt(slot_index slot) {
    slots_[slot].attempt = 0;
    const netscan::ip_address& address = machine_.destination(slot).address;
    --to_address_[address];
    --to_network_[address.low() >> 8];
  }

  int host_error(const endpoint& probe) {
    if (kind_of(network_, probe) == endpoint_kind::no_route) return ENETUNREACH;
    if (machine_.in_flight() >= network_.host_sockets) return EMFILE;
    if (chance(network_, probe, for_shortage + 10'000 * ++tries_) < network_.host_shortage) {
      return ENOBUFS;
    }
    return 0;
  }

  void schedule_answers(slot_index slot, const endpoint& probe) {
    if (kind_of(network_, probe) == endpoint_kind::silent) return;
    for (unsigned syn = 0; syn_time(syn) <= options_.hard_timeout; ++syn) {
      const std::uint64_t packet = for_packets + 64 * slots_[slot].asked + 2 * syn;
      const bool lost = chance(network_, probe, packet) < network_.loss ||
                        chance(network_, probe, packet + 1) < network_.loss;
      if (lost) continue;
      const instant at = now_ + syn_time(syn) + rtt_of(network_, probe);
      arrivals_.push({at, slot, slots_[slot].attempt});
      if (chance(network_, probe, packet + 7) < network_.duplicates) {
        arrivals_.push({at + std::chrono::milliseconds(3), slot, slots_[slot].attempt});
      }
    }
  }

  void deliver() {
    while (!arrivals_.empty() && arrivals_.top().at <= now_) {
      const arrival arrived = arrivals_.top();
      arrivals_.pop();
      // The kernel drops what belongs to no attempt any more.
      if (slots_[arrived.slot].attempt != arrived.attempt) continue;
      const endpoint probe = machine_.destination(arrived.slot);
      const unsigned syns = count_syns(arrived.slot);
      end_attempt(arrived.slot);
      if (kind_of(network_, probe) != endpoint_kind::rejected) {
        heard_from_.insert(probe.address);
        looked_for_.erase(probe.address);
      }
      result_.answered.insert(probe);
      machine_.answered(arrived.slot, answer_of(probe), syns, now_);
    }
  }

  detail::answer answer_of(const endpoint& probe) const {
    switch (kind_of(network_, probe)) {
      case endpoint_kind::open:
        return {probe_reason::syn_ack, std::nullopt};
      case endpoint_kind::closed:
        return {probe_reason::conn_refused, std::nullopt};
      default:
        return {probe_reason::admin_prohibited, icmp_evidence{3, 13, ip_address::v4(0xc0a84d01)}};
    }
  }

  unsigned count_syns(slot_index slot) {
    unsigned syns = 1;
    while (syn_time(syns) <= now_ - machine_.aimed_at(slot)) ++syns;
    result_.syns_sent += syns;
    return syns;
  }

  void abandon(slot_index slot) {
    const unsigned syns = count_syns(slot);
    end_attempt(slot);
    machine_.silent(slot, syns, now_);
  }

  void sleep(instant until) {
    if (until <= now_) result_.broken = "a wait for a time that has passed";
    const instant arrival = arrivals_.empty() ? until : std::max(now_, arrivals_.top().at);
    now_ = std::min(until, arrival);
  }

  void drain_records() {
    result_.records.insert(result_.records.end(), machine_.records().begin(),
                           machine_.records().end());
    machine_.flushed();
  }

  struct slot_state {
    std::uint64_t attempt = 0;  // 0: free
    std::uint64_t asked = 0;    // how often this endpoint has been asked
  };

  network_options network_;
  detail::machine_options options_;
  detail::scan_machine machine_;
  simulation_result result_;
  instant now_{};
  std::vector<slot_state> slots_;
  std::map<endpoint, std::uint64_t> asked_;
  std::map<netscan::ip_address, std::uint32_t> to_address_;
  std::map<std::uint64_t, std::uint32_t> to_network_;
  std::map<netscan::ip_address, instant> looked_for_;
  std::set<netscan::ip_address> heard_from_;
  std::uint64_t attempts_ = 0;
  std::uint64_t tries_ = 0;
  int idle_orders_ = 0;
  std::priority_queue<arrival, std::vector<arrival>, std::greater<>> arrivals_;
};

}  // namespace

endpoint_kind kind_of(const network_options& network, const endpoint& probe) {
  double at = chance(network, probe, for_kind);
  if ((at -= network.unaskable_here) < 0) return endpoint_kind::no_route;
  if ((at -= network.open) < 0) return endpoint_kind::open;
  if ((at -= network.closed) < 0) return endpoint_kind::closed;
  if ((at -= network.rejected) < 0) return endpoint_kind::rejected;
  return endpoint_kind::silent;
}

simulation_result simulate(const plan& plan, const network_options& network,
                           detail::machine_options options, instant stop_after) {
  return simulation(plan, network, std::move(options)).run(stop_after);
}

}  // namespace netscan::testing
