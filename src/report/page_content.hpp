#pragma once

#include <span>
#include <string>
#include <vector>

#include "netscan/report/results.hpp"
#include "netscan/target/address_set.hpp"

namespace netscan::detail {

/// All scans from one place.
struct page_vantage {
  std::string name;
  std::vector<const scan_results*> scans;
  /// One of each endpoint, by port, then address: neighbours are alike then, which makes the page
  /// small.
  std::vector<probe_record> probes;
};

/// What the page is made from.
struct page_content {
  /// In the order in which they first occur.
  std::vector<page_vantage> vantages;
  /// The networks to draw: at least all addresses with a record, in whole /24s (IPv6: /120), and
  /// never more than a /16 (/112). Ascending, disjoint.
  std::vector<address_range> blocks;
};

page_content page_content_of(std::span<const scan_results> scans);

}  // namespace netscan::detail
