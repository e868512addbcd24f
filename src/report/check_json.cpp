#include "check_json.hpp"

#include <fmt/format.h>

#include "json_list.hpp"
#include "json_string.hpp"
#include "line_buffer.hpp"
#include "netscan/report/check_json.hpp"
#include "probe_json.hpp"
#include "time_text.hpp"

namespace netscan {
namespace {

using detail::append_json_list;
using detail::json_fields;
using detail::line_buffer;

constexpr std::uint64_t lowest_status = 100;
constexpr std::uint64_t highest_status = 999;  // what servers send, not only what is registered

/// Writes the members of a record, one after the other.
class record_writer {
 public:
  std::string write(const check_record& r) && {
    out_ << R"({"type":"check","vantage":)";
    detail::append_json_string(out_, r.vantage);
    text("target", r.target);
    text("host", r.host);
    out_ << R"(,"port":)" << r.port << R"(,"outcome":")" << to_string(r.outcome) << '"';
    if (r.layer) out_ << R"(,"layer":")" << to_string(*r.layer) << '"';
    problem("problem", r.problem);
    out_ << R"(,"reason":")" << r.reason() << '"';
    text("summary", r.summary);
    out_ << R"(,"time":")" << time_(r.time) << R"(","duration_us":)" << r.duration_us
         << R"(,"steps":)";
    append_json_list(out_, r.steps, [&](const check_step& s) { step(s); });
    out_ << '}';
    return std::string(out_.view());
  }

 private:
  void step(const check_step& s) {
    out_ << R"({"url":)";
    detail::append_json_string(out_, s.url);
    if (s.dns) layer("dns", *s.dns, [&] { dns(*s.dns); });
    if (s.tcp) layer("tcp", *s.tcp, [&] { tcp(*s.tcp); });
    if (s.tls) layer("tls", *s.tls, [&] { tls(*s.tls); });
    if (s.http) layer("http", *s.http, [&] { http(*s.http); });
    out_ << '}';
  }

  template <typename Members>
  void layer(std::string_view name, const layer_result& result, Members members) {
    out_ << ",\"" << name << R"(":{"outcome":")" << to_string(result.outcome) << '"';
    problem("problem", result.problem);
    out_ << R"(,"duration_us":)" << result.duration_us;
    bytes("detail", result.detail);
    members();
    out_ << '}';
  }

  void dns(const dns_result& r) {
    out_ << R"(,"source":")" << to_string(r.source) << R"(","addresses":)";
    detail::append_addresses(out_, r.addresses);
  }

  void tcp(const tcp_result& r) {
    out_ << R"(,"port":)" << r.port;
    if (r.address) {
      out_ << R"(,"address":)";
      detail::append_address(out_, *r.address);
    }
    out_ << R"(,"attempts":)";
    append_json_list(out_, r.attempts, [&](const probe_record& attempt) {
      out_ << '{';
      detail::append_probe_members(out_, attempt, time_);
      out_ << '}';
    });
    if (!r.overtaken.empty()) {
      out_ << R"(,"overtaken":)";
      detail::append_addresses(out_, r.overtaken);
    }
    bytes("banner", r.banner);
  }

  void tls(const tls_result& r) {
    text("server_name", r.server_name);
    text("version", r.version);
    text("cipher", r.cipher);
    bytes("alpn", r.alpn);
    out_ << R"(,"verified":)" << std::string_view(r.verified ? "true" : "false");
    problem("verify_problem", r.verify_problem);
    bytes("verify_detail", r.verify_detail);
    if (r.certificate) certificate(*r.certificate);
  }

  void certificate(const certificate_info& c) {
    out_ << R"(,"certificate":{"subject":)";
    detail::append_json_bytes(out_, c.subject);
    out_ << R"(,"issuer":)";
    detail::append_json_bytes(out_, c.issuer);
    out_ << R"(,"names":)";
    append_json_list(out_, c.names,
                     [&](const std::string& name) { detail::append_json_bytes(out_, name); });
    out_ << R"(,"not_before":")" << time_(c.not_before) << '"';
    out_ << R"(,"not_after":")" << time_(c.not_after) << '"';
    text("sha256", c.sha256);
    out_ << '}';
  }

  void http(const http_result& r) {
    if (r.status != 0) out_ << R"(,"status":)" << r.status;
    bytes("status_text", r.status_text);
    text("version", r.version);
    bytes("server", r.server);
    bytes("location", r.location);
    bytes("content_type", r.content_type);
    bytes("title", r.title);
    if (r.first_byte_us) out_ << R"(,"first_byte_us":)" << *r.first_byte_us;
    out_ << R"(,"body_bytes":)" << r.body_bytes;
    if (r.body_cut) out_ << R"(,"body_cut":true)";
  }

  void text(std::string_view name, std::string_view value) {
    if (value.empty()) return;
    out_ << ",\"" << name << "\":";
    detail::append_json_string(out_, value);
  }

  void bytes(std::string_view name, std::string_view value) {
    if (value.empty()) return;
    out_ << ",\"" << name << "\":";
    detail::append_json_bytes(out_, value);
  }

  void problem(std::string_view name, check_problem value) {
    if (value == check_problem::none) return;
    out_ << ",\"" << name << "\":\"" << to_string(value) << '"';
  }

  line_buffer out_;
  detail::time_text time_;
};

std::string optional_text(json_fields& fields, std::string_view name) {
  return fields.has(name) ? std::string(fields.text(name)) : std::string();
}

std::string optional_bytes(json_fields& fields, std::string_view name) {
  return fields.has(name) ? fields.bytes(name) : std::string();
}

check_problem read_problem(json_fields& fields, std::string_view name) {
  if (!fields.has(name)) return check_problem::none;
  const std::optional<check_problem> problem = parse_check_problem(fields.text(name));
  if (!problem) fields.complain(name, "a problem such as timeout or cert-expired");
  return problem.value_or(check_problem::none);
}

check_outcome read_outcome(json_fields& fields) {
  const std::optional<check_outcome> outcome = parse_check_outcome(fields.text("outcome"));
  if (!outcome) fields.complain("outcome", "ok, failed, error or stopped");
  return outcome.value_or(check_outcome::stopped);
}

/// The members that all layers have.
template <typename Layer>
Layer read_layer(json_fields& fields) {
  Layer layer;
  layer.outcome = read_outcome(fields);
  layer.problem = read_problem(fields, "problem");
  layer.duration_us = fields.number("duration_us");
  layer.detail = optional_bytes(fields, "detail");
  return layer;
}

dns_result read_dns(json_fields fields) {
  auto r = read_layer<dns_result>(fields);
  const std::optional<name_source> source = parse_name_source(fields.text("source"));
  if (!source) fields.complain("source", "literal, given or resolver");
  r.source = source.value_or(name_source::resolver);
  r.addresses = fields.addresses("addresses");
  return r;
}

tcp_result read_tcp(json_fields fields) {
  auto r = read_layer<tcp_result>(fields);
  r.port = fields.number_as<std::uint16_t>("port", 1);
  if (fields.has("address")) r.address = fields.address("address");
  for (const json_fields& attempt : fields.objects("attempts")) {
    r.attempts.push_back(detail::read_probe(attempt));
  }
  if (fields.has("overtaken")) r.overtaken = fields.addresses("overtaken");
  r.banner = optional_bytes(fields, "banner");
  return r;
}

certificate_info read_certificate(json_fields fields) {
  certificate_info c;
  c.subject = fields.bytes("subject");
  c.issuer = fields.bytes("issuer");
  c.names = fields.list_of_bytes("names");
  c.not_before = fields.time("not_before");
  c.not_after = fields.time("not_after");
  c.sha256 = optional_text(fields, "sha256");
  return c;
}

tls_result read_tls(json_fields fields) {
  auto r = read_layer<tls_result>(fields);
  r.server_name = optional_text(fields, "server_name");
  r.version = optional_text(fields, "version");
  r.cipher = optional_text(fields, "cipher");
  r.alpn = optional_bytes(fields, "alpn");
  r.verified = fields.boolean("verified");
  r.verify_problem = read_problem(fields, "verify_problem");
  r.verify_detail = optional_bytes(fields, "verify_detail");
  if (fields.has("certificate")) r.certificate = read_certificate(fields.object("certificate"));
  return r;
}

http_result read_http(json_fields fields) {
  auto r = read_layer<http_result>(fields);
  if (fields.has("status")) {
    r.status = fields.number_as<std::uint16_t>("status", lowest_status, highest_status);
  }
  r.status_text = optional_bytes(fields, "status_text");
  r.version = optional_text(fields, "version");
  r.server = optional_bytes(fields, "server");
  r.location = optional_bytes(fields, "location");
  r.content_type = optional_bytes(fields, "content_type");
  r.title = optional_bytes(fields, "title");
  if (fields.has("first_byte_us")) r.first_byte_us = fields.number("first_byte_us");
  r.body_bytes = fields.number("body_bytes");
  if (fields.has("body_cut")) r.body_cut = fields.boolean("body_cut");
  return r;
}

check_step read_step(json_fields fields) {
  check_step step;
  step.url = fields.text("url");
  if (fields.has("dns")) step.dns = read_dns(fields.object("dns"));
  if (fields.has("tcp")) step.tcp = read_tcp(fields.object("tcp"));
  if (fields.has("tls")) step.tls = read_tls(fields.object("tls"));
  if (fields.has("http")) step.http = read_http(fields.object("http"));
  return step;
}

}  // namespace

std::string check_json(const check_record& record) {
  return record_writer().write(record);
}

check_record detail::read_check(json_fields fields) {
  check_record r;
  r.vantage = fields.text("vantage");
  r.target = fields.text("target");
  r.host = fields.text("host");
  r.port = fields.number_as<std::uint16_t>("port", 1);
  r.outcome = read_outcome(fields);
  if (fields.has("layer")) {
    r.layer = parse_check_layer(fields.text("layer"));
    if (!r.layer) fields.complain("layer", "dns, tcp, tls or http");
  }
  r.problem = read_problem(fields, "problem");
  r.summary = optional_text(fields, "summary");
  r.time = fields.time("time");
  r.duration_us = fields.number("duration_us");
  for (const json_fields& step : fields.objects("steps")) r.steps.push_back(read_step(step));
  if (r.steps.empty()) fields.complain("steps", "at least one step");
  return r;
}

}  // namespace netscan
