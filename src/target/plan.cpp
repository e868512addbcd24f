#include "netscan/target/plan.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>

#include "netscan/target/status.hpp"

namespace netscan {
namespace {

constexpr std::uint64_t max_probes = std::uint64_t{1} << 63;

class fnv1a {
 public:
  void add(std::uint64_t value) noexcept {
    for (int i = 0; i < 8; ++i, value >>= 8) {
      hash_ = (hash_ ^ (value & 0xff)) * 0x100000001b3;
    }
  }
  std::uint64_t value() const noexcept { return hash_; }

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325;
};

}  // namespace

std::string_view to_string(probe_order order) noexcept {
  return order == probe_order::permuted ? "permuted" : "sequential";
}

absl::StatusOr<shard> parse_shard(std::string_view text) {
  shard parsed{0, 0};
  const char* const end = text.data() + text.size();
  const auto [slash, index_error] = std::from_chars(text.data(), end, parsed.index);
  bool ok = index_error == std::errc() && slash != end && *slash == '/';
  if (ok) {
    const auto [rest, count_error] = std::from_chars(slash + 1, end, parsed.count);
    ok = count_error == std::errc() && rest == end && parsed.index >= 1 &&
         parsed.index <= parsed.count;
  }
  if (!ok) {
    return invalid_argument("bad shard '{}': expected I/N with 1 <= I <= N, as in 2/8",
                            excerpt(text));
  }
  return parsed;
}

absl::StatusOr<plan> plan::make(address_set targets, port_set ports, const plan_options& options) {
  if (targets.empty()) return absl::InvalidArgumentError("no targets are left to scan");
  if (ports.empty()) return absl::InvalidArgumentError("no ports are given to scan");
  if (options.shard.index < 1 || options.shard.index > options.shard.count) {
    return invalid_argument("shard {}/{} does not exist: it must be 1 to N of N",
                            options.shard.index, options.shard.count);
  }
  if (targets.size() > max_probes / ports.size()) {
    return invalid_argument(
        "{} port(s) on so many addresses are more than 2^63 probes; name smaller blocks",
        ports.size());
  }
  const std::uint64_t total = absl::Uint128Low64(targets.size()) * ports.size();
  return plan(std::move(targets), std::move(ports), options, total);
}

plan::plan(address_set targets, port_set ports, const plan_options& options, std::uint64_t total)
    : targets_(std::move(targets)),
      ports_(std::move(ports)),
      options_(options),
      permutation_(total, options.seed),
      total_(total),
      size_(total / options.shard.count +
            (options.shard.index <= total % options.shard.count ? 1 : 0)) {}

plan plan::without(const index_set& done) const {
  plan rest(*this);
  rest.is_whole_ = false;
  rest.size_ = 0;
  for (const index_range& gap : done.gaps(size_)) {
    rest.left_.push_back({rest.size_, gap});
    rest.size_ += gap.last - gap.first + 1;
  }
  return rest;
}

std::uint64_t plan::nth_left(std::uint64_t n) const noexcept {
  // Most of what is left is what the scan had not come to, one range at the end.
  const left_range* range = &left_.back();
  if (n < range->before) {
    const auto after = std::upper_bound(
        left_.begin(), left_.end(), n,
        [](std::uint64_t value, const left_range& left) { return value < left.before; });
    range = &*std::prev(after);
  }
  return range->indices.first + (n - range->before);
}

endpoint plan::at(std::uint64_t index) const noexcept {
  if (!is_whole_) index = nth_left(index);
  std::uint64_t position = index * options_.shard.count + options_.shard.index - 1;
  if (options_.order == probe_order::permuted) position = permutation_(position);
  return {targets_.at(position / ports_.size()),
          ports_.at(static_cast<std::uint32_t>(position % ports_.size()))};
}

std::optional<std::uint64_t> plan::index_of(const endpoint& probe) const noexcept {
  const std::optional<std::uint64_t> address = targets_.index_of(probe.address);
  const std::optional<std::uint32_t> port = ports_.index_of(probe.port);
  if (!address || !port) return std::nullopt;
  std::uint64_t position = *address * ports_.size() + *port;
  if (options_.order == probe_order::permuted) position = permutation_.inverse(position);
  if (position % options_.shard.count != options_.shard.index - 1) return std::nullopt;
  const std::uint64_t index = position / options_.shard.count;
  if (is_whole_) return index;

  const auto after = std::upper_bound(
      left_.begin(), left_.end(), index,
      [](std::uint64_t value, const left_range& left) { return value < left.indices.first; });
  if (after == left_.begin() || index > std::prev(after)->indices.last) return std::nullopt;
  return std::prev(after)->before + (index - std::prev(after)->indices.first);
}

std::uint64_t plan::hash() const noexcept {
  fnv1a hash;
  for (const address_range& range : targets_.ranges()) {
    for (const ip_address& end : {range.first, range.last}) {
      hash.add(end.bit_length());
      hash.add(end.zone());
      hash.add(end.high());
      hash.add(end.low());
    }
  }
  for (const port_range& range : ports_.ranges()) {
    hash.add(range.first);
    hash.add(range.last);
  }
  hash.add(options_.seed);
  hash.add(static_cast<std::uint64_t>(options_.order));
  return hash.value();
}

}  // namespace netscan
