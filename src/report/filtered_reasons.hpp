#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "netscan/probe/record.hpp"

namespace netscan::detail {

/// How often each reason stood behind `filtered`, and who said so. Bounded: on the open internet
/// there are as many senders as networks.
class filtered_reasons {
 public:
  void add(const probe_record& record) {
    if (record.reason == probe_reason::no_response) {
      ++silent_;
      return;
    }
    key who{record.reason, std::nullopt};
    if (record.icmp) who.second = record.icmp->from;
    const bool known = by_sender_.size() < most_senders || by_sender_.contains(who);
    ++(known ? by_sender_[who] : by_others_[record.reason]);
  }

  std::uint64_t silent() const noexcept { return silent_; }

  /// `421 no-response`, `20 admin-prohibited from 192.168.77.1`.
  std::vector<std::string> texts() const {
    std::vector<std::string> list;
    list.reserve(1 + by_sender_.size() + by_others_.size());
    if (silent_ != 0) {
      list.push_back(fmt::format("{} {}", silent_, to_string(probe_reason::no_response)));
    }
    for (const auto& [who, count] : by_sender_) {
      list.push_back(fmt::format("{} {}", count, to_string(who.first)));
      if (who.second) list.back() += fmt::format(" from {}", *who.second);
    }
    for (const auto& [reason, count] : by_others_) {
      list.push_back(fmt::format("{} {} from others", count, to_string(reason)));
    }
    return list;
  }

 private:
  static constexpr std::size_t most_senders = 16;
  using key = std::pair<probe_reason, std::optional<ip_address>>;

  std::uint64_t silent_ = 0;
  std::map<key, std::uint64_t> by_sender_;
  std::map<probe_reason, std::uint64_t> by_others_;
};

}  // namespace netscan::detail
