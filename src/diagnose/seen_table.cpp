#include "seen_table.hpp"

#include <utility>

namespace netscan::detail {
namespace {

bool is_by_target(const probe_record& record) {
  return record.icmp && record.icmp->from == record.ip;
}

/// What of the view may make a difference to the diagnosis, in bytes.
void write_key(std::string& key, const endpoint_view& view, std::optional<bool> is_near) {
  const probe_record& record = *view.record;
  key.clear();
  const auto append = [&](auto value) {
    key.append(reinterpret_cast<const char*>(&value), sizeof value);
  };
  append(view.vantage);
  append(record.reason);
  append(record.local_errno);
  append(is_near ? static_cast<int>(*is_near) : -1);
  append(view.is_unclear);
  append(is_by_target(record));
  if (record.icmp && !is_by_target(record)) key += to_string(record.icmp->from);
}

observation common_part(const endpoint_view& view, const std::string& vantage,
                        std::optional<bool> is_near) {
  observation seen = observe(*view.record, vantage, is_near);
  if (view.is_unclear && seen.what == sight::nobody) seen.what = sight::icmp_error;
  if (view.is_unclear && seen.what == sight::closed) {
    seen.what = sight::refused;
    seen.word = to_string(sight::refused);
  }
  seen.address.reset();
  seen.time = {};
  if (is_by_target(*view.record)) seen.sender.reset();
  return seen;
}

}  // namespace

seen_list::number seen_table::number_of(const endpoint_view& view, const std::string& vantage) {
  const std::optional<bool> is_near = on_link(view.sources, view.record->ip);
  write_key(key_, view, is_near);
  const auto found = numbers_.find(key_);
  if (found != numbers_.end()) return found->second;
  const seen_list::number number =
      add({common_part(view, vantage, is_near), true, is_by_target(*view.record)});
  numbers_.emplace(key_, number);
  return number;
}

seen_list::number seen_table::add(observation seen) {
  return add(seen_list::shared_observation{std::move(seen), false, false});
}

seen_list::number seen_table::add(seen_list::shared_observation one) {
  table_->push_back(std::move(one));
  return static_cast<seen_list::number>(table_->size());
}

}  // namespace netscan::detail
