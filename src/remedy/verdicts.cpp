#include "verdicts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "netscan/target/printable.hpp"
#include "netscan/target/status.hpp"
#include "report/time_text.hpp"

namespace netscan::detail {
namespace {

std::string list_of(const std::vector<ip_address>& addresses) {
  std::string text;
  for (const ip_address& address : addresses) {
    text += (text.empty() ? "" : ", ") + to_string(address);
  }
  return text;
}

std::string joined(const std::vector<std::string>& texts) {
  std::string text;
  for (const std::string& each : texts) text += (text.empty() ? "" : ", ") + each;
  return text;
}

std::string duration_text(std::uint64_t us) {
  return us < 1000 ? fmt::format("{} us", us) : fmt::format("{} ms", us / 1000);
}

void fail(verified_check& verified, std::string_view reason, std::string seen,
          std::string diagnosis) {
  verified.outcome = verify_outcome::fails;
  verified.reason = reason;
  verified.seen = std::move(seen);
  verified.diagnosis = std::move(diagnosis);
}

void leave_unknown(verified_check& verified, std::string_view reason, std::string seen) {
  verified.outcome = verify_outcome::unknown;
  verified.reason = reason;
  verified.diagnosis = "this host could not ask: " + seen;
  verified.seen = std::move(seen);
}

// --- why a connection, a certificate or an answer is not there ---

std::string get_service(const remedy_plan& plan) {
  const std::size_t slash = plan.service.find('/');
  return fmt::format("kubectl -n {} get service {}", plan.service.substr(0, slash),
                     slash == std::string::npos ? "" : plan.service.substr(slash + 1));
}

std::string tcp_diagnosis(const probe_record& seen, const remedy_plan& plan) {
  const std::string endpoint = fmt::format("{} port {}", seen.ip, seen.port);
  const std::string sender = seen.icmp ? to_string(seen.icmp->from) : "somebody";
  switch (seen.reason) {
    case probe_reason::no_response:
      return fmt::format(
          "nothing came back from {}: a firewall drops it, or the address is announced and nothing "
          "behind it answers. From a node, `netscan check {}:{}` tells which",
          endpoint, seen.ip, seen.port);
    case probe_reason::conn_refused:
      return fmt::format(
          "{} refuses: something has the address, and nothing listens there. The Service has no "
          "ready pod behind it, or another host has the address: {}",
          endpoint, get_service(plan));
    case probe_reason::host_unreach:
    case probe_reason::no_neighbor:
      return fmt::format(
          "{} finds nobody at {}: no Service has the address, or MetalLB announces it nowhere (no "
          "advertisement selects its pool): {}",
          seen.reason == probe_reason::no_neighbor ? "this host" : sender, seen.ip,
          get_service(plan));
    case probe_reason::net_unreach:
      return fmt::format("{} has no route to {}", sender, seen.ip);
    case probe_reason::time_exceeded:
      return fmt::format("the way to {} goes round in a circle at {}", seen.ip, sender);
    default:
      return fmt::format("{} rejects {} ({}): a firewall rule stands in the way", sender, endpoint,
                         to_string(seen.reason));
  }
}

std::string tls_diagnosis(const check_record& record, const tls_result& tls) {
  switch (record.problem) {
    case check_problem::cert_self_signed:
    case check_problem::cert_untrusted:
      return "the certificate is not trusted here: --ca-file FILE if you have its issuer's, -k to "
             "accept it as it is";
    case check_problem::cert_name_mismatch: {
      const std::string names = tls.certificate ? joined(tls.certificate->names) : "";
      return fmt::format(
          "the certificate is for {}: the ingress knows no other for this name, see "
          "global.ingress.tls.secretName",
          names.empty() ? "another name" : printable(names, 200));
    }
    case check_problem::cert_expired:
      return "the certificate has expired: renew the Secret that the ingress takes it from";
    case check_problem::not_tls:
      return fmt::format("port {} speaks no TLS: the Service's https port leads to a plain one",
                         record.port);
    default:
      return "the connection is there, the encryption is not: see what the ingress logs";
  }
}

std::string http_diagnosis(const check_record& record, const plan_check& check) {
  const std::uint16_t status = record.last().http ? record.last().http->status : 0;
  if (record.problem == check_problem::text) {
    return fmt::format(
        "somebody answers, but not with '{}': another service has the address or "
        "the name",
        excerpt(check.text));
  }
  if (record.problem != check_problem::status) {
    return "the connection is there, and no proper HTTP answer: see what the ingress logs";
  }
  if (status == 404) {
    return "an ingress answers and does not know the name: kubectl get ingress -A";
  }
  if (status == 502 || status == 503 || status == 504) {
    return "the ingress answers, and what is behind it does not: kubectl get pods -A";
  }
  return fmt::format("the status is {}, right is {}", status,
                     check.status.empty() ? "one below 500" : check.status);
}

std::string diagnosis_of(const check_record& record, const plan_check& check,
                         const remedy_plan& plan) {
  const check_step& last = record.last();
  switch (record.layer.value_or(check_layer::tcp)) {
    case check_layer::dns:
      break;
    case check_layer::tcp:
      if (last.tcp && last.tcp->verdict() != nullptr) {
        return tcp_diagnosis(*last.tcp->verdict(), plan);
      }
      break;
    case check_layer::tls:
      return tls_diagnosis(record, last.tls.value_or(tls_result{}));
    case check_layer::http:
      return http_diagnosis(record, check);
  }
  return record.summary;
}

// --- a certificate that is not trusted, but accepted ---

/// What is wrong with it apart from who signed it.
struct certificate_fault {
  check_problem problem;
  std::string text;
};

std::optional<certificate_fault> fault_of(const tls_result& tls, timestamp now) {
  if (!tls.certificate) return std::nullopt;
  const certificate_info& certificate = *tls.certificate;
  if (now > certificate.not_after) {
    return certificate_fault{
        check_problem::cert_expired,
        "certificate ended " + std::string(time_text()(certificate.not_after))};
  }
  if (now < certificate.not_before) {
    return certificate_fault{
        check_problem::cert_not_yet_valid,
        "certificate begins " + std::string(time_text()(certificate.not_before))};
  }
  const bool fits =
      std::any_of(certificate.names.begin(), certificate.names.end(),
                  [&](const std::string& name) { return is_for_host(name, tls.server_name); });
  if (fits) return std::nullopt;
  return certificate_fault{check_problem::cert_name_mismatch,
                           "certificate for " + printable(joined(certificate.names), 100)};
}

std::string certificate_text(const tls_result& tls) {
  if (!tls.certificate) return "";
  const std::string day(time_text()(tls.certificate->not_after), 0, 10);
  return fmt::format(", certificate until {}{}", day, tls.verified ? "" : ", not trusted here");
}

std::string seen_of(const check_record& record) {
  const check_step& last = record.last();
  if (last.http) {
    std::string text =
        fmt::format("{} in {}", last.http->status, duration_text(record.duration_us));
    if (!last.http->title.empty()) text += fmt::format(" \"{}\"", printable(last.http->title, 40));
    if (last.tls) text += certificate_text(*last.tls);
    return text;
  }
  if (const probe_record* verdict = last.tcp ? last.tcp->verdict() : nullptr) {
    std::string text(to_string(verdict->reason));
    if (verdict->icmp) text += fmt::format(" from {}", verdict->icmp->from);
    if (verdict->rtt_us) text += fmt::format(" in {}", duration_text(*verdict->rtt_us));
    return text;
  }
  return std::string(record.reason());
}

}  // namespace

bool is_for_host(std::string_view certificate_name, std::string_view host) {
  const auto equal = [](std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
      const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      };
      return lower(x) == lower(y);
    });
  };
  if (!certificate_name.starts_with("*.")) return equal(certificate_name, host);
  // The star stands for exactly one label, and never for the one before a top-level domain.
  const std::size_t dot = host.find('.');
  const std::string_view rest = certificate_name.substr(1);
  return dot != host.npos && dot != 0 && rest.find('.', 1) != rest.npos &&
         equal(rest, host.substr(dot));
}

void conclude_record(verified_check& verified, const remedy_plan& plan) {
  const check_record& record = *verified.record;
  verified.duration_us = record.duration_us;
  switch (record.outcome) {
    case check_outcome::ok:
      break;
    case check_outcome::failed:
      // A failure beyond TCP has a sentence of its own; a probe's verdict is short.
      fail(verified, record.reason(),
           record.layer == check_layer::tcp ? seen_of(record) : printable(record.summary, 200),
           diagnosis_of(record, verified.check, plan));
      return;
    case check_outcome::error:
      leave_unknown(verified, record.reason(), printable(record.summary, 200));
      return;
    case check_outcome::stopped:
      conclude_stopped(verified);
      return;
  }
  const check_step& last = record.last();
  if (last.tls && !last.tls->verified) {
    if (auto fault = fault_of(*last.tls, record.time)) {
      check_record faulty = record;
      faulty.problem = fault->problem;
      fail(verified, to_string(fault->problem), std::move(fault->text),
           tls_diagnosis(faulty, *last.tls));
      return;
    }
  }
  verified.outcome = verify_outcome::holds;
  verified.reason = "ok";
  verified.seen = seen_of(record);
}

void conclude_stopped(verified_check& verified) {
  verified.outcome = verify_outcome::unknown;
  verified.reason = "stopped";
  verified.seen = "stopped before it had an answer";
  verified.diagnosis = verified.seen;
}

void conclude_name(verified_check& verified, const looked_up& answer,
                   const std::vector<hosts_line>& hosts) {
  const std::string& name = verified.check.target;
  const std::vector<ip_address>& right = verified.check.addresses;
  if (!answer) {
    leave_unknown(verified, "timeout", "the resolver did not answer in time");
    return;
  }
  std::string advice = "add the bundle's lines of `hosts` to the hosts file";
  for (const hosts_line& line : hosts) {
    const bool names_it = std::find(line.names.begin(), line.names.end(), name) != line.names.end();
    if (names_it && std::find(right.begin(), right.end(), line.address) == right.end()) {
      advice = fmt::format("line {} of the hosts file has it at {}; it must be {}", line.number,
                           line.address, list_of(right));
      break;
    }
  }
  if (!answer->ok()) {
    fail(verified, "name-not-found", printable(message_of(answer->status()), 200),
         fmt::format("this host does not know the name: {}", advice));
    return;
  }
  const std::vector<ip_address>& addresses = **answer;
  // A name may stand for less than all: of families that this host has no address of, getaddrinfo()
  // tells none.
  const bool is_right =
      !addresses.empty() &&
      std::all_of(addresses.begin(), addresses.end(), [&](const ip_address& address) {
        return std::find(right.begin(), right.end(), address) != right.end();
      });
  if (is_right) {
    verified.outcome = verify_outcome::holds;
    verified.reason = "ok";
    verified.seen = list_of(addresses);
    return;
  }
  fail(verified, "wrong-address", list_of(addresses),
       fmt::format("the name stands for {} here, not for {}: {}", list_of(addresses),
                   list_of(right), advice));
}

void conclude_old_address(verified_check& verified, const std::map<std::string, looked_up>& names,
                          const std::vector<hosts_line>& hosts, std::string_view hosts_file) {
  const ip_address old = parse_ip_address(verified.check.target).value();
  std::vector<std::string> users;
  bool all_known = true;
  for (const auto& [name, answer] : names) {
    if (!answer) all_known = false;
    if (!answer || !answer->ok()) continue;
    if (std::find((*answer)->begin(), (*answer)->end(), old) != (*answer)->end()) {
      users.push_back(name);
    }
  }
  std::string where;
  for (const hosts_line& line : hosts) {
    if (line.address != old) continue;
    where += fmt::format("{}line {}", where.empty() ? "" : ", ", line.number);
    for (const std::string& name : line.names) {
      if (std::find(users.begin(), users.end(), name) == users.end()) users.push_back(name);
    }
  }
  if (!users.empty()) {
    const std::string who = printable(joined(users), 200);
    fail(verified, "still-needed",
         fmt::format("{} lead{} there", who, users.size() == 1 ? "s" : ""),
         where.empty() ? fmt::format("the resolver still gives {} for {}", old, who)
                       : fmt::format("take {} out of {} {}", old, printable(hosts_file), where));
    return;
  }
  if (!all_known) {
    leave_unknown(verified, "timeout", "the resolver did not answer in time");
    return;
  }
  verified.outcome = verify_outcome::holds;
  verified.reason = "ok";
  verified.seen = "no name leads there";
}

}  // namespace netscan::detail
