#pragma once

namespace netscan::testing {

#if defined(__has_feature)
#define NETSCAN_HAS_FEATURE(name) __has_feature(name)
#else
#define NETSCAN_HAS_FEATURE(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || \
    NETSCAN_HAS_FEATURE(address_sanitizer) || NETSCAN_HAS_FEATURE(thread_sanitizer)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif
#undef NETSCAN_HAS_FEATURE

// How often a test of random input goes round. Under a sanitizer a round takes several times as
// long, and what it looks for is in the code that all rounds run.
constexpr unsigned rounds(unsigned all) {
  return sanitized ? all / 5 : all;
}

}  // namespace netscan::testing
