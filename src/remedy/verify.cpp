#include "netscan/remedy/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <future>

#include "hosts_file.hpp"
#include "name_lookup.hpp"
#include "netscan/check/check.hpp"
#include "probe/words.hpp"
#include "verdicts.hpp"

namespace netscan {
namespace {

constexpr std::array<std::string_view, 3> outcome_words = {"holds", "fails", "unknown"};

check_request request_of(const verified_check& verified, const verify_options& options) {
  const plan_check& check = verified.check;
  check_request request = parse_check_target(check.target).value();
  request.timeout = options.timeout;
  request.connect_timeout = std::min(request.connect_timeout, options.timeout);
  request.vantage = options.vantage;
  if (verified.address) {
    request.overrides = {{request.host, request.port, {*verified.address}}};
  }
  request.insecure = check.any_certificate || options.any_certificate;
  request.ca_file = options.ca_file;
  if (!check.status.empty()) request.expected_status = parse_status_ranges(check.status).value();
  request.expected_text = check.text;
  return request;
}

/// The plan's checks, one for each address that is asked.
std::vector<verified_check> rows_of(const remedy_plan& plan) {
  std::vector<verified_check> rows;
  for (const plan_check& check : plan.checks) {
    if (check.kind != plan_check_kind::serves) {
      rows.push_back({.check = check});
      continue;
    }
    for (const ip_address& address : check.addresses) {
      rows.push_back({.check = check, .address = address});
    }
  }
  return rows;
}

bool is_connection(const verified_check& verified) {
  return verified.check.kind == plan_check_kind::answers ||
         verified.check.kind == plan_check_kind::serves;
}

std::vector<std::string> names_in(const remedy_plan& plan) {
  std::vector<std::string> names = plan.hosts;
  for (const plan_check& check : plan.checks) {
    if (check.kind == plan_check_kind::resolves) names.push_back(check.target);
  }
  return names;
}

void make_connections(std::vector<verified_check>& rows, const remedy_plan& plan,
                      const verify_options& options, const std::stop_token& stop) {
  std::vector<check_request> requests;
  for (const verified_check& row : rows) {
    if (is_connection(row)) requests.push_back(request_of(row, options));
  }
  std::vector<check_record> records = check(requests, {}, {}, stop);
  auto next = records.begin();
  for (verified_check& row : rows) {
    if (!is_connection(row)) continue;
    row.record = std::move(*next++);
    detail::conclude_record(row, plan);
  }
}

}  // namespace

std::string_view to_string(verify_outcome outcome) noexcept {
  return detail::word(outcome_words, outcome);
}

bool verification::holds() const noexcept {
  return count(verify_outcome::holds) == checks.size();
}

std::size_t verification::count(verify_outcome outcome) const noexcept {
  return static_cast<std::size_t>(
      std::count_if(checks.begin(), checks.end(),
                    [outcome](const verified_check& c) { return c.outcome == outcome; }));
}

verification verify(const remedy_plan& plan, const verify_options& options,
                    const std::stop_token& stop) {
  verification found{options.vantage, plan.service, plan.vips, rows_of(plan)};
  auto lookups = std::async(std::launch::async,
                            [&] { return detail::look_up(names_in(plan), options.timeout, stop); });
  make_connections(found.checks, plan, options, stop);
  const auto names = lookups.get();
  const std::vector<detail::hosts_line> hosts = detail::read_hosts_file(options.hosts_file);
  for (verified_check& row : found.checks) {
    if (row.check.kind == plan_check_kind::resolves) {
      detail::conclude_name(row, names.at(row.check.target), hosts);
    } else if (row.check.kind == plan_check_kind::unneeded) {
      detail::conclude_old_address(row, names, hosts, options.hosts_file);
    }
    const bool was_asked = row.outcome != verify_outcome::unknown || is_connection(row);
    if (!was_asked && stop.stop_requested()) detail::conclude_stopped(row);
  }
  return found;
}

}  // namespace netscan
