/// Values files as people write them, at random: block and flow style, every kind of scalar,
/// comments, anchors, tags, odd indentation, CR LF, several documents.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace netscan::testing {

/// What is at global.hosts.externalIP.
enum class target_state : std::uint8_t {
  value,      ///< a plain or quoted scalar
  no_value,   ///< the key with nothing, ~ or null
  no_key,     ///< hosts without it
  no_hosts,   ///< global without hosts, or with an empty one
  no_global,  ///< neither, or an empty one
};

struct random_yaml {
  std::string text;
  target_state state;
  /// Of a value, or of a word or brackets that the edit replaces: where it is in `text`.
  std::size_t offset = 0;
  std::size_t length = 0;
  /// In what the new value is to stand there.
  std::string quote;
};

/// The same for the same seed.
random_yaml make_random_yaml(std::uint32_t seed);

}  // namespace netscan::testing
