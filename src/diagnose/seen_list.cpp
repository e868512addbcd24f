#include "netscan/diagnose/seen_list.hpp"

#include <utility>

namespace netscan {

seen_list::seen_list(std::shared_ptr<const table> shared, std::vector<number> numbers,
                     std::vector<timestamp> times, std::optional<ip_address> address)
    : shared_(std::move(shared)),
      numbers_(std::move(numbers)),
      times_(std::move(times)),
      address_(address) {}

const observation* seen_list::common(std::size_t vantage) const noexcept {
  const number number = numbers_[vantage];
  return number == 0 ? nullptr : &(*shared_)[number - 1].what;
}

std::optional<observation> seen_list::operator[](std::size_t vantage) const {
  const number number = numbers_[vantage];
  if (number == 0) return std::nullopt;
  const shared_observation& shared = (*shared_)[number - 1];
  observation seen = shared.what;
  if (shared.is_of_endpoint) {
    seen.address = address_;
    seen.time = times_[vantage];
  }
  if (shared.is_by_target) seen.sender = address_;
  return seen;
}

}  // namespace netscan
