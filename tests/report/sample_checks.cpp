#include "sample_checks.hpp"

#include <random>

#include "report_support.hpp"
#include "sample_scans.hpp"

namespace netscan::testing {
namespace {

template <typename Layer>
Layer ok_after(std::uint64_t duration_us) {
  Layer layer;
  layer.outcome = check_outcome::ok;
  layer.duration_us = duration_us;
  return layer;
}

tcp_result connected() {
  auto tcp = ok_after<tcp_result>(412);
  probe_record silent;
  silent.ip = ip("fd00:10::232");
  silent.port = 443;
  silent.attempts = 1;
  silent.reason = probe_reason::admin_prohibited;
  silent.icmp = icmp_evidence{1, 1, ip("fd00:77::1")};
  silent.time = sample_time();
  probe_record open = silent;
  open.ip = ip("10.0.0.232");
  open.reason = probe_reason::syn_ack;
  open.icmp.reset();
  open.rtt_us = 398;
  tcp.attempts = {silent, open};
  tcp.overtaken = {ip("10.0.0.249")};
  tcp.address = open.ip;
  tcp.port = 443;
  tcp.banner = "SSH-2.0-x\r\n";
  return tcp;
}

tls_result agreed() {
  auto tls = ok_after<tls_result>(3000);
  tls.server_name = "gitlab.ailab.com";
  tls.version = "TLSv1.3";
  tls.cipher = "TLS_AES_256_GCM_SHA384";
  tls.alpn = "http/1.1";
  tls.verify_problem = check_problem::cert_self_signed;
  tls.verify_detail = "self-signed certificate";
  tls.certificate = certificate_info{"CN=gitlab.ailab.com",
                                     "CN=gitlab.ailab.com",
                                     {"gitlab.ailab.com", "10.0.0.232"},
                                     sample_time(),
                                     sample_time() + std::chrono::hours(24),
                                     std::string(64, 'a')};
  return tls;
}

http_result answered() {
  auto http = ok_after<http_result>(900);
  http.status = 200;
  http.status_text = "OK";
  http.version = "HTTP/1.1";
  http.server = "nginx";
  http.location = "/users/sign_in";
  http.content_type = "text/html";
  http.title = "Git\x1b[31mLab \xe2\x98\x83";
  http.first_byte_us = 700;
  http.body_bytes = 83;
  http.body_cut = true;
  return http;
}

}  // namespace

check_record sample_check() {
  check_record r;
  r.vantage = "pc";
  r.target = "http://gitlab.ailab.com/";
  r.host = "gitlab.ailab.com";
  r.port = 80;
  r.outcome = check_outcome::failed;
  r.layer = check_layer::http;
  r.problem = check_problem::status;
  r.summary = "https://gitlab.ailab.com/ answered 200, expected 302";
  r.time = sample_time();
  r.duration_us = 5012;
  check_step first;
  first.url = r.target;
  first.dns = ok_after<dns_result>(12);
  first.dns->source = name_source::given;
  first.dns->addresses = {ip("fd00:10::232"), ip("10.0.0.232")};
  first.tcp = connected();
  first.http = answered();
  check_step second = first;
  second.url = "https://gitlab.ailab.com/";
  second.tls = agreed();
  second.http->outcome = check_outcome::failed;
  second.http->problem = check_problem::status;
  second.http->detail = "expected 302";
  r.steps = {first, second};
  return r;
}

check_record random_check(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto below = [&](std::uint64_t limit) { return random() % limit; };
  const auto bytes = [&] {
    std::string text(below(40), '\0');
    for (char& c : text) c = static_cast<char>(below(seed % 2 == 0 ? 256 : 128));
    return text;
  };
  const auto spoil = [&](layer_result& layer) {
    layer.outcome = static_cast<check_outcome>(below(4));
    layer.problem = static_cast<check_problem>(below(23));
    layer.duration_us = random();
    layer.detail = bytes();
  };
  check_record r = sample_check();
  r.outcome = static_cast<check_outcome>(below(4));
  r.problem = static_cast<check_problem>(below(23));
  if (below(2) == 0) r.layer.reset();
  for (check_step& step : r.steps) {
    spoil(*step.dns);
    spoil(*step.tcp);
    spoil(*step.http);
    step.dns->source = static_cast<name_source>(below(3));
    step.tcp->attempts = {random_record(random), random_record(random)};
    step.tcp->attempts.resize(below(3));
    step.tcp->banner = bytes();
    if (below(2) == 0) step.tcp->overtaken.clear();
    if (below(2) == 0) step.tcp->address.reset();
    step.http->title = bytes();
    step.http->server = bytes();
    step.http->status = static_cast<std::uint16_t>(below(2) == 0 ? 0 : 100 + below(900));
    step.http->body_cut = below(2) == 0;
    if (step.tls) {
      step.tls->certificate->names = {bytes(), bytes(), ""};
      step.tls->certificate->subject = bytes();
      if (below(4) == 0) step.tls->certificate.reset();
    }
    if (below(4) == 0) step.http.reset();
    if (below(8) == 0) step.tls.reset();
  }
  return r;
}

}  // namespace netscan::testing
