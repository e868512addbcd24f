#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "netscan/diagnose/reachability.hpp"
#include "netscan/target/plan.hpp"
#include "views_of_addresses.hpp"

namespace netscan::detail {

/// What a vantage met at an endpoint, as far as it matters here. Few are different.
struct reach_look {
  sight what = sight::could_not_ask;
  probe_reason reason = probe_reason::local_error;
  std::optional<ip_address> sender;
  bool by_target = false;
  /// The vantage is on the address' link, and found nobody there.
  bool on_own_link = false;

  friend auto operator<=>(const reach_look&, const reach_look&) = default;
};

/// What every vantage met at every endpoint: four bytes a pair.
class reach_table {
 public:
  /// Takes a scan of this vantage; the records that follow are its.
  void begin_scan(std::string_view vantage, const scan_header& header);
  void add(const probe_record& record);

  const vantage_names& vantages() const noexcept { return vantages_; }
  const std::vector<endpoint>& endpoints() const noexcept { return endpoints_; }

  /// nullptr when it was not asked.
  const reach_look* at(std::size_t vantage, std::size_t endpoint) const noexcept;
  /// The number of that look, below looks(); 0 when it was not asked.
  std::uint16_t number_at(std::size_t vantage, std::size_t endpoint) const noexcept;
  const reach_look& look(std::uint16_t number) const noexcept { return looks_[number]; }
  std::size_t looks() const noexcept { return looks_.size(); }

 private:
  struct cell {
    std::uint16_t look = 0;  // 0: not asked
    std::uint16_t scan = 0;  // of the vantage's
  };
  struct row {
    std::vector<timestamp> starts;  // of its scans
    std::vector<cell> cells;        // as far as it was asked
  };
  struct endpoint_hash {
    std::size_t operator()(const endpoint& at) const noexcept;
  };

  std::uint16_t number_of(const probe_record& record);
  bool is_to_be_kept(const row& row, cell old, cell now) const noexcept;

  vantage_names vantages_;
  std::vector<row> rows_;
  std::vector<endpoint> endpoints_;
  std::unordered_map<endpoint, std::uint32_t, endpoint_hash> index_;
  std::vector<reach_look> looks_ = {{}};
  std::map<reach_look, std::uint16_t> numbers_;

  // Of the scan that is being read.
  std::size_t vantage_ = 0;
  std::uint16_t scan_ = 0;
  scan_header header_;
};

}  // namespace netscan::detail
