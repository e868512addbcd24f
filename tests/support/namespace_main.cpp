// The main() of tests that need a network of their own. Where there can be none the test is
// skipped, loudly; with CI set it fails, so that a run that tested nothing never looks green.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "network_namespace.hpp"

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  if (!::testing::GTEST_FLAG(list_tests)) {
    if (const auto why = netscan::testing::why_no_namespace()) {
      const bool must_run = std::getenv("CI") != nullptr;
      std::fprintf(stderr, "%s: no network namespace here: %s\n", must_run ? "FAILED" : "SKIPPED",
                   why->c_str());
      return must_run ? 1 : 77;
    }
    netscan::testing::enter_network_namespace();
  }
  return RUN_ALL_TESTS();
}
