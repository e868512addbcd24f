#include "reach_columns.hpp"

#include <algorithm>
#include <limits>

namespace netscan::detail {
namespace {

constexpr std::size_t most_numbers = std::numeric_limits<look_number>::max();

reach_look look_of(const endpoint_view& view) {
  const probe_record& record = *view.record;
  const std::optional<bool> is_near = on_link(view.sources, record.ip);
  reach_look look;
  look.reason = record.reason;
  look.what = sight_of(record.reason, is_near);
  look.on_own_link = record.reason == probe_reason::no_neighbor && is_near == true;
  if (view.is_unclear && look.what == sight::nobody) look.what = sight::icmp_error;
  if (view.is_unclear && look.what == sight::closed) look.what = sight::refused;
  // The sender of no-neighbor is the vantage itself.
  if (record.icmp && record.reason != probe_reason::no_neighbor) {
    look.by_target = record.icmp->from == record.ip;
    if (!look.by_target) look.sender = record.icmp->from;
  }
  return look;
}

}  // namespace

reach_columns::reach_columns(std::vector<std::size_t> rows, std::vector<std::string> names)
    : rows_(std::move(rows)), names_(std::move(names)) {}

void reach_columns::add(const endpoint& at, std::span<const endpoint_view> views) {
  look_numbers looks(rows_.size(), u'\0');
  bool is_asked = false;
  for (const endpoint_view& view : views) {
    if (!view.is_of_scan()) continue;
    const auto row = std::lower_bound(rows_.begin(), rows_.end(), view.vantage) - rows_.begin();
    char16_t& number = looks[static_cast<std::size_t>(row)];
    // The one that counts comes first.
    if (number == 0) number = number_of(view);
    is_asked = true;
  }
  if (!is_asked) return;
  const auto [found, is_new] = numbers_of_columns_.try_emplace(std::move(looks), columns_.size());
  if (is_new) columns_.push_back({&found->first, 0, {}});
  column& column = columns_[found->second];
  ++column.size;
  column.endpoints.add(at);
}

look_number reach_columns::number_of(const endpoint_view& view) {
  reach_look look = look_of(view);
  // Who said so is given up when there are too many of them to tell apart.
  if (looks_.size() >= most_numbers - 256) look.sender.reset();
  const auto [found, is_new] = numbers_.try_emplace(look, static_cast<look_number>(looks_.size()));
  if (is_new) looks_.push_back(look);
  return found->second;
}

std::vector<endpoint_block> reach_columns::blocks(std::span<const std::size_t> columns) const {
  std::vector<endpoint_block> all;
  for (const std::size_t number : columns) {
    const std::vector<endpoint_block> some = columns_[number].endpoints.blocks();
    all.insert(all.end(), some.begin(), some.end());
  }
  return united(std::move(all));
}

}  // namespace netscan::detail
