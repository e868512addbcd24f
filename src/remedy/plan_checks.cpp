#include "plan_checks.hpp"

#include <fmt/format.h>

#include "netscan/version.hpp"

namespace netscan::detail {
namespace {

constexpr std::uint16_t http_port = 80;
constexpr std::uint16_t https_port = 443;

std::string endpoint(const ip_address& address, std::uint16_t port) {
  return fmt::format(fmt::runtime(address.is_v6() ? "[{}]:{}" : "{}:{}"), to_string(address), port);
}

plan_check serves(std::string_view scheme, const served_name& served, const remedy_facts& facts,
                  const remedy_options& options) {
  return {.kind = plan_check_kind::serves,
          .target = fmt::format("{}://{}/", scheme, served.name),
          .addresses = facts.vips,
          .status = served.status,
          // A redirect from http to https has a body of its own.
          .text = scheme == "https" || !facts.https ? options.expected_text : "",
          .any_certificate = scheme == "https" && options.any_certificate};
}

}  // namespace

remedy_plan plan_of(const remedy_facts& facts, const port_set& ports,
                    const remedy_options& options) {
  remedy_plan plan;
  plan.version = std::string(version);
  plan.service = options.service.name_space + '/' + options.service.name;
  plan.vips = facts.vips;
  plan.old_vips = facts.old_vips;
  for (const ip_address& vip : facts.vips) {
    for (std::uint32_t i = 0; i < ports.size(); ++i) {
      plan.checks.push_back({plan_check_kind::answers, endpoint(vip, ports.at(i))});
    }
  }
  for (const served_name& served : facts.names) {
    plan.hosts.push_back(served.name);
    if (ports.contains(http_port)) plan.checks.push_back(serves("http", served, facts, options));
    if (ports.contains(https_port) && facts.https) {
      plan.checks.push_back(serves("https", served, facts, options));
    }
  }
  for (const served_name& served : facts.names) {
    plan.checks.push_back({plan_check_kind::resolves, served.name, facts.vips});
  }
  for (const ip_address& old : facts.old_vips) {
    plan.checks.push_back({plan_check_kind::unneeded, to_string(old)});
  }
  return plan;
}

}  // namespace netscan::detail
