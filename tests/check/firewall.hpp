#pragma once

#include <string>

#include "network_namespace.hpp"

namespace netscan::testing {

/// Rules for what comes in, by nft, in force while it lives.
class firewall {
 public:
  explicit firewall(const std::string& rules) {
    run({"nft", "table inet check_test { chain in { type filter hook input priority 0; " + rules +
                    "; }; }"});
  }
  firewall(const firewall&) = delete;
  firewall& operator=(const firewall&) = delete;
  ~firewall() { run({"nft", "delete", "table", "inet", "check_test"}); }
};

}  // namespace netscan::testing
