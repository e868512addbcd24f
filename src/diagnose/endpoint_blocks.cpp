#include "endpoint_blocks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace netscan::detail {
namespace {

bool follows(const ip_address& next, const ip_address& last) {
  return next.family() == last.family() && next.zone() == last.zone() && last < next &&
         advance(last, 1) == next;
}

/// The address before this one, which is not the family's first.
ip_address before(const ip_address& address) {
  if (address.is_v4()) return ip_address::v4(static_cast<std::uint32_t>(address.low() - 1));
  return ip_address::v6(address.high() - (address.low() == 0 ? 1 : 0), address.low() - 1,
                        address.zone());
}

/// Adds addresses that are behind all that there are; the last block grows where it can.
void append_block(std::vector<endpoint_block>& blocks, const address_range& addresses,
                  port_set ports) {
  const bool continues = !blocks.empty() &&
                         follows(addresses.first, blocks.back().addresses.last) &&
                         blocks.back().ports == ports;
  if (continues) {
    blocks.back().addresses.last = addresses.last;
  } else {
    blocks.push_back({addresses, std::move(ports)});
  }
}

/// The ports with the indices from `first` to `last`.
void append_ports(std::vector<port_range>& some, const port_set& ports, std::uint64_t first,
                  std::uint64_t last) {
  std::uint64_t before = 0;
  for (const port_range& range : ports.ranges()) {
    const std::uint64_t count = std::uint64_t{range.last} - range.first + 1;
    if (before <= last && first < before + count) {
      const std::uint64_t skipped = std::max(first, before) - before;
      const std::uint64_t end = std::min(last, before + count - 1) - before;
      some.push_back({static_cast<std::uint16_t>(range.first + skipped),
                      static_cast<std::uint16_t>(range.first + end)});
    }
    before += count;
  }
}

/// Puts together the blocks of a plan's indices. An address that a range has only in part may be
/// in the next one too, so it waits until another comes.
class block_builder {
 public:
  explicit block_builder(const plan& plan)
      : targets_(plan.targets()), ports_(plan.ports()), all_(plan.ports().size()) {}

  void add(const index_range& range) {
    std::uint64_t address = range.first / all_;
    const std::uint64_t last = range.last / all_;
    const std::uint64_t first_port = range.first % all_;
    const std::uint64_t last_port = range.last % all_;
    if (address == last) return add_part(address, first_port, last_port);
    if (first_port != 0) add_part(address++, first_port, all_ - 1);
    const bool ends_whole = last_port == all_ - 1;
    if (address < last + (ends_whole ? 1 : 0)) add_whole(address, ends_whole ? last : last - 1);
    if (!ends_whole) add_part(last, 0, last_port);
  }

  std::vector<endpoint_block> blocks() && {
    put_part();
    return std::move(blocks_);
  }

 private:
  void add_part(std::uint64_t address, std::uint64_t first_port, std::uint64_t last_port) {
    if (!part_.empty() && address != part_of_) put_part();
    part_of_ = address;
    append_ports(part_, ports_, first_port, last_port);
  }

  void put_part() {
    if (part_.empty()) return;
    const ip_address address = targets_.at(part_of_);
    append_block(blocks_, {address, address}, port_set::of(std::exchange(part_, {})));
  }

  void add_whole(std::uint64_t first, std::uint64_t last) {
    put_part();
    while (first <= last) {
      const ip_address begin = targets_.at(first);
      // Addresses of a set are in a row as far as its ranges go.
      const auto& ranges = targets_.ranges();
      const auto range = std::upper_bound(
          ranges.begin(), ranges.end(), begin,
          [](const ip_address& at, const address_range& other) { return at < other.first; });
      const absl::uint128 in_row = address_range{begin, std::prev(range)->last}.span();
      const std::uint64_t more = in_row < last - first ? absl::Uint128Low64(in_row) : last - first;
      append_block(blocks_, {begin, targets_.at(first + more)}, ports_);
      first += more + 1;
    }
  }

  const address_set& targets_;
  const port_set& ports_;
  std::uint64_t all_;
  std::vector<endpoint_block> blocks_;
  std::uint64_t part_of_ = 0;
  std::vector<port_range> part_;
};

}  // namespace

void block_list::add(const endpoint& at) {
  if (at.address != last_) put(blocks_, last_, std::exchange(ports_, {}));
  last_ = at.address;
  ports_.push_back({at.port, at.port});
}

std::vector<endpoint_block> block_list::blocks() const {
  std::vector<endpoint_block> all = blocks_;
  put(all, last_, ports_);
  return all;
}

void block_list::put(std::vector<endpoint_block>& blocks, const ip_address& address,
                     std::vector<port_range> ports) {
  if (!ports.empty()) append_block(blocks, {address, address}, port_set::of(std::move(ports)));
}

std::vector<endpoint_block> united(std::vector<endpoint_block> blocks) {
  std::sort(blocks.begin(), blocks.end(), [](const endpoint_block& a, const endpoint_block& b) {
    return a.addresses.first < b.addresses.first;
  });
  std::vector<endpoint_block> whole;
  std::vector<const endpoint_block*> here;  // those that have the address `at`
  ip_address at;
  for (auto next = blocks.begin(); next != blocks.end() || !here.empty();) {
    if (here.empty()) at = next->addresses.first;
    for (; next != blocks.end() && next->addresses.first == at; ++next) here.push_back(&*next);
    // As far as they are the only ones.
    address_range row = {at, here.front()->addresses.last};
    std::vector<port_range> ports;
    for (const endpoint_block* const block : here) {
      row.last = std::min(row.last, block->addresses.last);
      ports.insert(ports.end(), block->ports.ranges().begin(), block->ports.ranges().end());
    }
    if (next != blocks.end() && next->addresses.first <= row.last) {
      row.last = before(next->addresses.first);
    }
    append_block(whole, row, port_set::of(std::move(ports)));
    std::erase_if(here,
                  [&](const endpoint_block* block) { return block->addresses.last == row.last; });
    if (!here.empty()) at = advance(row.last, 1);
  }
  return whole;
}

bool contains(std::span<const endpoint_block> blocks, const endpoint& at) {
  const auto behind = std::upper_bound(blocks.begin(), blocks.end(), at.address,
                                       [](const ip_address& address, const endpoint_block& b) {
                                         return address < b.addresses.first;
                                       });
  if (behind == blocks.begin()) return false;
  const endpoint_block& block = *std::prev(behind);
  return at.address <= block.addresses.last && block.ports.contains(at.port);
}

std::vector<endpoint_block> blocks_of(const plan& plan, std::span<const index_range> ranges) {
  block_builder builder(plan);
  for (const index_range& range : ranges) builder.add(range);
  return std::move(builder).blocks();
}

}  // namespace netscan::detail

namespace netscan {

std::string to_string(const endpoint_block& block) {
  std::string addresses = to_string(block.addresses);
  if (block.addresses.first.is_v6()) addresses = '[' + addresses + ']';
  return fmt::format("{}:{}", addresses, to_string(block.ports));
}

}  // namespace netscan
