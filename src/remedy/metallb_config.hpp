#pragma once

#include <absl/status/statusor.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "config_source.hpp"
#include "netscan/remedy/metallb_file.hpp"
#include "netscan/remedy/values_edit.hpp"
#include "report/yaml_tree.hpp"

namespace netscan::detail {

/// An L2Advertisement or BGPAdvertisement.
struct advertisement {
  bool bgp = false;
  std::string name;
  std::string name_space;
  /// Its `ipAddressPools`; null when it has none.
  const yaml_node* pools = nullptr;
  /// Where it begins.
  std::size_t offset = 0;
};

/// MetalLB's configuration in a file, with the nodes that can be added to. They are of
/// `source.documents`, so this can be moved and not copied.
struct metallb_config {
  config_source source;
  existing_pools existing;
  /// For each of existing.pools its list of addresses.
  std::vector<const yaml_node*> addresses;
  /// Of `crd`.
  std::vector<advertisement> advertisements;
  /// Of the other formats: the keys that lead to the list of pools.
  yaml_path pools_path;

  metallb_config() = default;
  metallb_config(metallb_config&&) = default;
  metallb_config& operator=(metallb_config&&) = default;
};

/// Errors: those of read_pools().
absl::StatusOr<metallb_config> read_metallb_config(std::string_view file);

/// Whether objects with these namespaces can be of the same one. Where one is not written, kubectl
/// puts it where it is told to.
bool may_share_namespace(std::string_view a, std::string_view b);

}  // namespace netscan::detail
