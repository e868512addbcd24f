#include "netscan/probe/record.hpp"

#include <algorithm>

#include "netscan/target/address_set.hpp"

namespace netscan {
namespace {

template <typename T>
void append_missing(std::vector<T>& list, const std::vector<T>& more) {
  for (const T& item : more) {
    if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
  }
}

}  // namespace

void add_place(scan_header& header, const std::vector<source_address>& sources,
               const std::vector<ip_address>& gateways) {
  append_missing(header.sources, sources);
  append_missing(header.gateways, gateways);
}

std::optional<bool> on_link(std::span<const source_address> sources, const ip_address& address) {
  std::optional<bool> result;
  for (const source_address& source : sources) {
    const unsigned bits = source.address.bit_length();
    if (source.address.family() != address.family() || source.prefix == 0) continue;
    if (source.prefix >= bits) return std::nullopt;
    if (cidr_block(source.address, source.prefix).contains(address)) return true;
    result = false;
  }
  return result;
}

std::string made_by(std::string_view scanner, std::string_view version) {
  std::string text(scanner);
  if (!version.empty()) text.append(" ").append(version);
  return text;
}

bool is_unclear(const probe_record& record, bool by_errno) noexcept {
  if (record.reason == probe_reason::host_unreach) return by_errno || !record.icmp;
  return record.reason == probe_reason::conn_refused && by_errno;
}

void count(scan_summary& summary, const probe_record& record) noexcept {
  switch (record.state()) {
    case probe_state::open:
      ++summary.open;
      return;
    case probe_state::closed:
      ++summary.closed;
      return;
    case probe_state::filtered:
      ++summary.filtered;
      return;
    case probe_state::error:
      ++summary.error;
      return;
  }
}

void add(scan_summary& total, const scan_summary& part) noexcept {
  const auto answers = static_cast<double>(total.open + total.closed);
  const auto more_answers = static_cast<double>(part.open + part.closed);
  if (more_answers > 0) {
    total.loss_estimate = (total.loss_estimate * answers + part.loss_estimate * more_answers) /
                          (answers + more_answers);
  }
  total.planned += part.planned;
  total.open += part.open;
  total.closed += part.closed;
  total.filtered += part.filtered;
  total.error += part.error;
  total.skipped += part.skipped;
  total.not_started += part.not_started;
  total.syns += part.syns;
  total.back_pressure += part.back_pressure;
  total.complete = total.complete && part.complete;
}

}  // namespace netscan
