#pragma once

#include <string>
#include <vector>

#include "netscan/remedy/metallb_version.hpp"
#include "netscan/remedy/remedy.hpp"

namespace netscan::detail {

/// A name that is served, and what is right for it to answer.
struct served_name {
  std::string name;
  /// As plan_check::status, never empty.
  std::string status;
};

/// What the remedy is for, put together from the candidates and the options.
struct remedy_facts {
  std::vector<ip_address> vips;
  std::vector<ip_address> old_vips;
  std::vector<served_name> names;
  /// False when the names are served over plain HTTP only.
  bool https = true;
  pin_way pin;
};

remedy_plan plan_of(const remedy_facts& facts, const port_set& ports,
                    const remedy_options& options);

}  // namespace netscan::detail
