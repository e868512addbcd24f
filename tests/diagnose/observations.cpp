#include "observations.hpp"

#include <cerrno>

namespace netscan::testing {
namespace {

const timestamp when(std::chrono::milliseconds(1767607200123));

probe_record record_of(probe_reason reason, const std::string& sender) {
  probe_record record;
  record.ip = address("10.0.0.216");
  record.port = 443;
  record.reason = reason;
  record.attempts = 1;
  record.time = when;
  const bool is_icmp = record.state() == probe_state::filtered &&
                       reason != probe_reason::no_response && reason != probe_reason::no_neighbor;
  if (is_icmp) record.icmp = icmp_evidence{3, 13, address(sender)};
  if (reason == probe_reason::local_error) record.local_errno = ENETUNREACH;
  return record;
}

template <typename Layer>
void end_layer(Layer& layer, check_problem problem) {
  layer.outcome = problem == check_problem::none ? check_outcome::ok : check_outcome::failed;
  layer.problem = problem;
}

tls_result tls_layer() {
  tls_result tls;
  end_layer(tls, check_problem::none);
  tls.certificate = certificate_info{};
  tls.certificate->sha256 = std::string(64, 'a');
  return tls;
}

}  // namespace

ip_address address(const std::string& text) {
  return parse_ip_address(text).value();
}

observation saw(const std::string& vantage, probe_reason reason) {
  return rejected_by(vantage, reason, "192.168.77.1");
}

observation rejected_by(const std::string& vantage, probe_reason reason,
                        const std::string& sender) {
  return observe(record_of(reason, sender), vantage, true);
}

observation saw_sight(const std::string& vantage, sight what) {
  switch (what) {
    case sight::answers:
      return saw(vantage, probe_reason::syn_ack);
    case sight::http_fails:
      return of_check(check_of(vantage, check_layer::http, check_problem::status));
    case sight::tls_fails:
      return of_check(check_of(vantage, check_layer::tls, check_problem::handshake));
    case sight::closed:
      return saw(vantage, probe_reason::conn_refused);
    case sight::rejected:
      return saw(vantage, probe_reason::admin_prohibited);
    case sight::nobody:
      return saw(vantage, probe_reason::host_unreach);
    case sight::no_route:
      return saw(vantage, probe_reason::net_unreach);
    case sight::circle:
      return saw(vantage, probe_reason::time_exceeded);
    case sight::icmp_error:
      return saw(vantage, probe_reason::parameter_problem);
    case sight::silent:
      return saw(vantage, probe_reason::no_response);
    case sight::no_name:
      return of_check(check_of(vantage, check_layer::dns, check_problem::name_not_found));
    case sight::refused: {
      observation seen = saw(vantage, probe_reason::conn_refused);
      seen.what = sight::refused;
      seen.word = "refused";
      return seen;
    }
    case sight::could_not_ask:
      break;
  }
  return saw(vantage, probe_reason::local_error);
}

check_record check_of(const std::string& vantage, check_layer layer, check_problem problem) {
  check_record check;
  check.vantage = vantage;
  check.target = "https://gitlab.ailab.com/";
  check.host = "gitlab.ailab.com";
  check.port = 443;
  check.time = when;
  check.problem = problem;
  check.outcome = problem == check_problem::none ? check_outcome::ok : check_outcome::failed;
  if (problem == check_problem::resolver_failed) check.outcome = check_outcome::error;
  if (problem != check_problem::none) check.layer = layer;

  check_step& step = check.steps.emplace_back();
  step.url = check.target;
  step.dns.emplace();
  step.dns->source = name_source::resolver;
  end_layer(*step.dns, layer == check_layer::dns ? problem : check_problem::none);
  if (layer == check_layer::dns) return check;
  step.dns->addresses = {address("10.0.0.216")};

  step.tcp.emplace();
  step.tcp->port = 443;
  end_layer(*step.tcp, layer == check_layer::tcp ? problem : check_problem::none);
  const bool is_open = step.tcp->problem == check_problem::none;
  step.tcp->attempts = {
      record_of(is_open ? probe_reason::syn_ack : probe_reason::no_response, "192.168.77.1")};
  if (is_open) step.tcp->address = address("10.0.0.216");
  if (layer == check_layer::tcp) return check;

  step.tls = tls_layer();
  end_layer(*step.tls, layer == check_layer::tls ? problem : check_problem::none);
  if (layer == check_layer::tls) return check;

  step.http.emplace();
  end_layer(*step.http, problem);
  step.http->status = problem == check_problem::status ? 502 : 200;
  return check;
}

observation of_check(const check_record& check) {
  return observe(check).value();
}

trace_record trace_ending(const std::string& vantage, probe_reason reason,
                          const std::vector<std::string>& routers) {
  trace_record trace;
  trace.vantage = vantage;
  trace.target = "10.0.0.216:443";
  trace.end = record_of(reason, "192.168.77.1");
  trace.ip = trace.end->ip;
  trace.port = trace.end->port;
  trace.time = when;
  for (const std::string& router : routers) {
    const icmp_evidence evidence{11, 0, address(router)};
    trace.hops.push_back({static_cast<std::uint8_t>(trace.hops.size() + 1),
                          3,
                          {{probe_reason::time_exceeded, evidence, {312, 298, 290}}}});
  }
  return trace;
}

}  // namespace netscan::testing
