/// A map of a subnet in characters: a cell an address.
///
///     10.0.0.224  ········ █······· ········ ·█······
///
/// Each kind of cell has a glyph of its own, so the map reads without colour too.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "netscan/probe/record.hpp"
#include "netscan/target/address_set.hpp"

namespace netscan {

/// What an address comes to over all its ports; the first that applies.
enum class map_cell : std::uint8_t {
  open,       ///< open on every port
  some_open,  ///< open on some ports
  nobody,     ///< host-unreach or no-neighbor on some port: nobody is there
  closed,     ///< closed on some port
  rejected,   ///< some other ICMP error on some port
  error,      ///< this host could not ask
  silent,     ///< no answer on any port
  not_asked,
};

struct map_style {
  bool colour = false;   ///< ANSI colours
  bool unicode = false;  ///< block characters; else ASCII
  unsigned width = 80;   ///< columns
};

class subnet_map {
 public:
  static constexpr std::uint64_t fewest_addresses = 16;
  static constexpr std::uint64_t most_addresses = 1024;

  /// True for ranges of a size that a map is good for.
  static bool fits(const address_range& range) noexcept;

  /// A map of `range`, which fits(), where each address is asked `ports` ports.
  subnet_map(const address_range& range, std::uint32_t ports);

  /// Takes a record in; of addresses outside the range, none.
  void add(const probe_record& record) noexcept;

  map_cell cell(const ip_address& address) const noexcept;

  /// The rows, and what explains the glyphs that occur, with the number of their addresses. Lines
  /// fit the width as far as a label and eight cells do.
  std::string draw(const map_style& style) const;

 private:
  struct address_counts {
    std::uint32_t open = 0;
    std::uint32_t asked = 0;
    std::uint8_t seen = 0;  // a bit for each map_cell that some port speaks for
  };

  map_cell cell_at(std::size_t index) const noexcept;
  std::size_t index_of(const ip_address& address) const noexcept;
  ip_address row_address(std::size_t lead, std::size_t start) const noexcept;
  std::size_t longest_label() const;
  std::string legend(const map_style& style) const;

  address_range range_;
  std::uint32_t ports_;
  std::vector<address_counts> addresses_;
};

}  // namespace netscan
