#include "netscan/check/check_history.hpp"

#include <fmt/format.h>

#include <utility>

namespace netscan {

std::string check_state(const check_record& record) {
  std::string state(to_string(record.outcome));
  if (record.layer) state += fmt::format(" {} {}", to_string(*record.layer), record.reason());
  if (!record.steps.empty() && record.last().http && record.last().http->status != 0) {
    state += fmt::format(" {}", record.last().http->status);
  }
  return state;
}

bool check_history::add(std::size_t index, const check_record& record) {
  endpoint_history& endpoint = endpoints_[index];
  check_counts& counts = endpoint.counts;
  switch (record.outcome) {
    case check_outcome::ok:
      ++counts.ok;
      break;
    case check_outcome::failed:
      ++counts.failed;
      break;
    case check_outcome::error:
      ++counts.error;
      break;
    case check_outcome::stopped:
      return false;
  }
  endpoint.outcome = record.outcome;
  std::string state = check_state(record);
  if (state == endpoint.state) {
    ++counts.unchanged;
    return false;
  }
  if (!endpoint.state.empty()) ++counts.changes;
  counts.before = std::exchange(counts.unchanged, 1);
  endpoint.state = std::move(state);
  return true;
}

}  // namespace netscan
