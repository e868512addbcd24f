// Each layer of a check against the real thing: the kernel's TCP behind nftables, OpenSSL's TLS.
#include <gtest/gtest.h>

#include <fstream>

#include "check_support.hpp"
#include "firewall.hpp"
#include "netscan/scan/scan.hpp"
#include "netscan/target/target_list.hpp"
#include "scripted_server.hpp"

namespace netscan {
namespace {

using namespace std::chrono_literals;
using testing::answer_over_tls;
using testing::answer_with;
using testing::firewall;
using testing::http_response;
using testing::request_for;
using testing::run_check;
using testing::scripted_server;
using testing::server_connection;
using testing::tls_identity;
using testing::verdict_of;

ip_address ip(std::string_view text) {
  return parse_ip_address(text).value();
}

// --- TCP

/// The one record that a scan makes of this endpoint.
probe_record scanned(const std::string& address, std::uint16_t port) {
  const std::string texts[] = {address};
  const auto targets = parse_targets(texts);
  const auto plan = plan::make(targets->addresses, port_set::of({{port, port}}));
  probe_record only;
  scan(*plan, {}, [&](std::span<const probe_record> records) {
    for (const probe_record& record : records) only = record;
    return boost::system::error_code();
  });
  return only;
}

struct firewalled {
  const char* address;
  const char* rule;
  probe_reason reason;
  const char* outcome;
};

class a_firewalled_endpoint : public ::testing::TestWithParam<firewalled> {};

TEST_P(a_firewalled_endpoint, has_the_verdict_of_a_scan) {
  const auto& [address, rule, reason, outcome] = GetParam();
  const firewall rules(fmt::format("tcp dport 9000 {}", rule));
  check_request request = request_for(fmt::format("[{}]:9000", address));
  request.connect_timeout = 300ms;
  const check_record record = run_check(request);
  const probe_record scan = scanned(address, 9000);

  EXPECT_EQ(to_string(record.outcome), std::string_view(outcome));
  EXPECT_EQ(record.layer, check_layer::tcp);
  EXPECT_EQ(record.problem, check_problem::connect);
  EXPECT_EQ(record.reason(), to_string(reason)) << record.summary;
  ASSERT_EQ(record.last().tcp->attempts.size(), 1U);
  const probe_record& attempt = record.last().tcp->attempts[0];
  EXPECT_EQ(attempt.reason, scan.reason);
  EXPECT_EQ(attempt.icmp, scan.icmp);
  EXPECT_EQ(attempt.ip, scan.ip);
  EXPECT_EQ(attempt.port, scan.port);
  EXPECT_EQ(attempt.rtt_us.has_value(), reason != probe_reason::no_response);
}

INSTANTIATE_TEST_SUITE_P(
    rules, a_firewalled_endpoint,
    ::testing::Values(firewalled{"127.0.0.1", "accept", probe_reason::conn_refused, "failed"},
                      firewalled{"127.0.0.1", "drop", probe_reason::no_response, "failed"},
                      firewalled{"127.0.0.1", "reject with tcp reset", probe_reason::conn_refused,
                                 "failed"},
                      firewalled{"127.0.0.1", "reject with icmp type admin-prohibited",
                                 probe_reason::admin_prohibited, "failed"},
                      firewalled{"127.0.0.1", "reject with icmp type port-unreachable",
                                 probe_reason::port_unreach, "failed"},
                      firewalled{"127.0.0.1", "reject with icmp type net-prohibited",
                                 probe_reason::net_prohibited, "failed"},
                      firewalled{"::1", "drop", probe_reason::no_response, "failed"},
                      firewalled{"::1", "reject with icmpv6 type admin-prohibited",
                                 probe_reason::admin_prohibited, "failed"},
                      firewalled{"::1", "reject with icmpv6 type no-route",
                                 probe_reason::net_unreach, "failed"}));

TEST(tcp_layer, without_a_route_says_that_this_host_could_not_ask) {
  const check_record record = run_check(request_for("192.0.2.1:80"));
  EXPECT_EQ(record.outcome, check_outcome::error);
  EXPECT_EQ(verdict_of(record), "tcp local-error");
  EXPECT_EQ(record.last().tcp->attempts.at(0).local_errno, ENETUNREACH);
  EXPECT_EQ(record.last().tcp->attempts.at(0).attempts, 0);
  EXPECT_NE(record.summary.find("ENETUNREACH"), std::string::npos) << record.summary;
}

TEST(tcp_layer, does_not_take_itself_for_a_server) {
  // With one port to send from, a connection to that port always meets itself.
  testing::set_sysctl("net.ipv4.ip_local_port_range", "20000 20000");
  check_request request = request_for("127.0.0.1:20000");
  request.connect_timeout = 100ms;
  const check_record record = run_check(request);
  testing::set_sysctl("net.ipv4.ip_local_port_range", "32768 60999");
  EXPECT_EQ(verdict_of(record), "tcp local-error") << record.summary;
}

TEST(tcp_layer, is_all_there_is_to_host_and_port) {
  const scripted_server server([](server_connection& client) { client.stall(); });
  const check_record record = run_check(request_for(fmt::format("127.0.0.1:{}", server.port())));
  EXPECT_EQ(verdict_of(record), "ok");
  EXPECT_EQ(record.last().tcp->address, ip("127.0.0.1"));
  EXPECT_FALSE(record.last().tls || record.last().http);
  EXPECT_EQ(record.steps.size(), 1U);
}

TEST(tcp_layer, hears_what_the_server_says_first) {
  const scripted_server server([](server_connection& client) {
    client.send("SSH-2.0-\x1b[31mOpenSSH\xff\r\n");
    client.stall();
  });
  check_request request = request_for(fmt::format("127.0.0.1:{}", server.port()));
  request.banner_wait = 60s;
  request.timeout = 120s;
  EXPECT_EQ(run_check(request).last().tcp->banner, "SSH-2.0-\x1b[31mOpenSSH\xff\r\n");
}

TEST(tcp_layer, with_a_silent_server_has_no_banner_and_is_open) {
  const scripted_server server([](server_connection& client) { client.stall(); });
  check_request request = request_for(fmt::format("127.0.0.1:{}", server.port()));
  request.banner_wait = 100ms;
  const check_record record = run_check(request);
  EXPECT_EQ(verdict_of(record), "ok");
  EXPECT_EQ(record.last().tcp->banner, "");
}

// --- several addresses

/// `name:PORT` at these addresses.
check_request at_addresses(std::uint16_t port, const std::string& addresses) {
  check_request request = request_for(fmt::format("name.test:{}", port));
  request.overrides = {
      parse_resolve_override(fmt::format("name.test:{}:{}", port, addresses)).value()};
  return request;
}

TEST(several_addresses, are_tried_until_one_answers) {
  const scripted_server server([](server_connection& client) { client.stall(); });
  const check_record record = run_check(at_addresses(server.port(), "[::1],127.0.0.9,127.0.0.1"));
  EXPECT_EQ(verdict_of(record), "ok");
  const tcp_result& tcp = *record.last().tcp;
  EXPECT_EQ(record.last().dns->source, name_source::given);
  EXPECT_EQ(record.last().dns->addresses,
            (std::vector{ip("::1"), ip("127.0.0.9"), ip("127.0.0.1")}));
  ASSERT_EQ(tcp.attempts.size(), 3U);
  EXPECT_EQ(tcp.attempts[0].reason, probe_reason::conn_refused);
  EXPECT_EQ(tcp.attempts[0].ip, ip("::1"));
  EXPECT_EQ(tcp.attempts[1].reason, probe_reason::conn_refused);
  EXPECT_EQ(tcp.address, ip("127.0.0.1"));
}

TEST(several_addresses, do_not_wait_for_one_that_is_silent) {
  const scripted_server server([](server_connection& client) { client.stall(); });
  const firewall rules("ip6 daddr ::1 drop");
  check_request request = at_addresses(server.port(), "[::1],127.0.0.1");
  request.timeout = request.connect_timeout = 600s;
  const check_record record = run_check(request);
  EXPECT_EQ(verdict_of(record), "ok");
  EXPECT_EQ(record.last().tcp->address, ip("127.0.0.1"));
  EXPECT_EQ(record.last().tcp->overtaken, std::vector{ip("::1")});
  ASSERT_EQ(record.last().tcp->attempts.size(), 1U);
}

TEST(several_addresses, that_all_fail_are_all_in_the_record) {
  const firewall rules("ip6 daddr ::1 drop");
  check_request request = at_addresses(9000, "[::1],127.0.0.1");
  request.connect_timeout = 300ms;
  const check_record record = run_check(request);
  // The answer says more than the silence.
  EXPECT_EQ(verdict_of(record), "tcp conn-refused");
  ASSERT_EQ(record.last().tcp->attempts.size(), 2U);
  EXPECT_EQ(record.last().tcp->attempts[0].reason, probe_reason::no_response);
}

TEST(several_addresses, of_which_one_family_is_wanted) {
  const scripted_server server([](server_connection& client) { client.stall(); }, "::1");
  check_request request = at_addresses(server.port(), "127.0.0.1,[::1]");
  request.family = ip_family::v6;
  EXPECT_EQ(run_check(request).last().tcp->address, ip("::1"));
  request = at_addresses(server.port(), "[::1]");
  request.family = ip_family::v4;
  EXPECT_EQ(verdict_of(run_check(request)), "dns no-usable-address");
}

// --- TLS

/// A file with this text, gone at the end.
class text_file {
 public:
  explicit text_file(const std::string& text) {
    path_ = fmt::format("/tmp/netscan-check-test-{}-{}.pem", ::getpid(), static_cast<void*>(this));
    std::ofstream(path_) << text;
  }
  text_file(const text_file&) = delete;
  text_file& operator=(const text_file&) = delete;
  ~text_file() { ::unlink(path_.c_str()); }
  const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

class tls_layer : public ::testing::Test {
 protected:
  /// A check of a server with this identity under this name.
  check_record checked(const tls_identity& identity, const std::string& host,
                       void (*change)(check_request&) = nullptr) {
    const scripted_server server(answer_over_tls(identity, http_response("fine")));
    check_request request = request_for(fmt::format("https://{}:{}", host, server.port()));
    request.overrides = {
        parse_resolve_override(fmt::format("*:{}:127.0.0.1", server.port())).value()};
    request.ca_file = authority_file_.path();
    request.timeout = 60s;
    if (change != nullptr) change(request);
    return run_check(request);
  }

  const tls_identity authority_{{.common_name = "Test CA", .dns_names = {}, .is_authority = true}};
  const text_file authority_file_{authority_.pem()};
};

TEST_F(tls_layer, trusts_what_its_authority_has_signed) {
  const tls_identity identity({.dns_names = {"server.test"}}, &authority_);
  const check_record record = checked(identity, "server.test");
  EXPECT_EQ(verdict_of(record), "ok") << record.summary;
  const tls_result& tls = *record.last().tls;
  EXPECT_TRUE(tls.verified);
  EXPECT_EQ(tls.server_name, "server.test");
  EXPECT_EQ(tls.version, "TLSv1.3");
  EXPECT_EQ(tls.alpn, "http/1.1");
  EXPECT_FALSE(tls.cipher.empty());
  EXPECT_EQ(tls.certificate->issuer, "CN=Test CA");
}

TEST_F(tls_layer, takes_names_with_a_star_with_a_dot_and_addresses) {
  const tls_identity star({.common_name = "x", .dns_names = {"*.example.test"}}, &authority_);
  EXPECT_EQ(verdict_of(checked(star, "server.example.test")), "ok");
  EXPECT_EQ(verdict_of(checked(star, "server.example.test.")), "ok");
  EXPECT_EQ(verdict_of(checked(star, "a.server.example.test")), "tls cert-name-mismatch");
  const tls_identity address(
      {.common_name = "x", .dns_names = {}, .addresses = {"127.0.0.1", "::1"}}, &authority_);
  EXPECT_EQ(verdict_of(checked(address, "127.0.0.1")), "ok");
  EXPECT_EQ(verdict_of(checked(address, "[::1]")), "ok");
  EXPECT_EQ(verdict_of(checked(address, "127.0.0.2")), "tls cert-name-mismatch");
  // An address in a name is no address.
  const tls_identity named({.common_name = "x", .dns_names = {"127.0.0.1"}}, &authority_);
  EXPECT_EQ(verdict_of(checked(named, "127.0.0.1")), "tls cert-name-mismatch");
}

TEST_F(tls_layer, says_why_it_does_not_trust) {
  const tls_identity self_signed({});
  EXPECT_EQ(verdict_of(checked(self_signed, "server.test")), "tls cert-self-signed");
  const tls_identity other_authority(
      {.common_name = "Other CA", .dns_names = {}, .is_authority = true});
  const tls_identity stranger({}, &other_authority);
  EXPECT_EQ(verdict_of(checked(stranger, "server.test")), "tls cert-untrusted");
  const tls_identity expired({.not_before = -9, .not_after = -1}, &authority_);
  EXPECT_EQ(verdict_of(checked(expired, "server.test")), "tls cert-expired");
  const tls_identity early({.not_before = 1, .not_after = 9}, &authority_);
  EXPECT_EQ(verdict_of(checked(early, "server.test")), "tls cert-not-yet-valid");
  const tls_identity other({.dns_names = {"other.test"}}, &authority_);
  const check_record mismatch = checked(other, "server.test");
  EXPECT_EQ(verdict_of(mismatch), "tls cert-name-mismatch");
  EXPECT_NE(mismatch.summary.find("it is for other.test"), std::string::npos) << mismatch.summary;
}

TEST_F(tls_layer, says_everything_that_is_wrong) {
  const tls_identity bad({.dns_names = {"other.test"}, .not_before = -9, .not_after = -1});
  const tls_result tls = *checked(bad, "server.test").last().tls;
  EXPECT_EQ(tls.verify_detail,
            "self-signed certificate; hostname mismatch; certificate has expired");
  EXPECT_FALSE(tls.verified);
  EXPECT_TRUE(tls.certificate.has_value());
}

TEST_F(tls_layer, sends_no_request_to_whom_it_does_not_trust) {
  const tls_identity self_signed({});
  std::string request_seen = "nothing came";
  {
    const scripted_server server([&](server_connection& client) {
      if (client.start_tls(self_signed)) request_seen = client.read_request();
    });
    run_check(request_for(fmt::format("https://127.0.0.1:{}", server.port())));
  }
  EXPECT_EQ(request_seen, "");
}

TEST_F(tls_layer, goes_on_regardless_when_told_to_and_keeps_the_truth) {
  const tls_identity bad({.dns_names = {"other.test"}, .not_before = -9, .not_after = -1});
  const check_record record =
      checked(bad, "server.test", [](check_request& request) { request.insecure = true; });
  EXPECT_EQ(verdict_of(record), "ok");
  EXPECT_EQ(record.last().http->status, 200);
  const tls_result& tls = *record.last().tls;
  EXPECT_EQ(tls.outcome, check_outcome::ok);
  EXPECT_FALSE(tls.verified);
  EXPECT_EQ(tls.verify_problem, check_problem::cert_self_signed);
  EXPECT_NE(record.summary.find("certificate is not good: self-signed certificate"),
            std::string::npos)
      << record.summary;
}

TEST_F(tls_layer, asks_for_another_name_when_told_to) {
  const tls_identity identity({.dns_names = {"server.test"}}, &authority_);
  const check_record record = checked(
      identity, "127.0.0.1", [](check_request& request) { request.server_name = "server.test"; });
  EXPECT_EQ(verdict_of(record), "ok") << record.summary;
}

TEST_F(tls_layer, with_a_file_of_certificates_that_is_not_one_is_this_hosts_error) {
  const tls_identity identity({}, &authority_);
  const check_record record = checked(
      identity, "server.test", [](check_request& request) { request.ca_file = "/dev/null"; });
  EXPECT_EQ(record.outcome, check_outcome::error);
  EXPECT_EQ(verdict_of(record), "tls local-error");
}

TEST_F(tls_layer, may_be_the_last_one) {
  const tls_identity identity({}, &authority_);
  const scripted_server server([&](server_connection& client) {
    if (client.start_tls(identity)) client.stall();
  });
  check_request request = request_for(fmt::format("tls://localhost:{}", server.port()));
  request.overrides = {
      parse_resolve_override(fmt::format("localhost:{}:127.0.0.1", server.port())).value()};
  request.server_name = "server.test";
  request.ca_file = authority_file_.path();
  const check_record record = run_check(request);
  EXPECT_EQ(verdict_of(record), "ok") << record.summary;
  EXPECT_FALSE(record.last().http.has_value());
}

// --- HTTP

/// The record of a check of a server that answers with this.
check_record answered(const std::string& response, void (*change)(check_request&) = nullptr) {
  const scripted_server server(answer_with(response));
  check_request request = request_for(fmt::format("http://127.0.0.1:{}/", server.port()));
  request.timeout = 60s;
  if (change != nullptr) change(request);
  return run_check(request);
}

TEST(http_layer, sends_a_request_that_servers_understand) {
  std::string seen;
  std::uint16_t port = 0;
  {
    const scripted_server server([&](server_connection& client) {
      seen = client.read_request();
      client.send(http_response(""));
    });
    port = server.port();
    run_check(request_for(fmt::format("http://localhost:{}/-/readiness?all=1", port)));
  }
  EXPECT_EQ(seen.substr(0, seen.find("\r\n")), "GET /-/readiness?all=1 HTTP/1.1");
  EXPECT_NE(seen.find(fmt::format("\r\nHost: localhost:{}\r\n", port)), seen.npos) << seen;
  EXPECT_NE(seen.find("\r\nConnection: close\r\n"), seen.npos) << seen;
  EXPECT_NE(seen.find("\r\nUser-Agent: netscan/"), seen.npos) << seen;
}

TEST(http_layer, tells_what_the_answer_is) {
  const http_result http =
      *answered(http_response("<title>Git Lab</title>", "Server: nginx/1.22\r\nLocation: /x\r\n",
                              "404 Not  Here"))
           .last()
           .http;
  EXPECT_EQ(http.status, 404);
  EXPECT_EQ(http.status_text, "Not  Here");
  EXPECT_EQ(http.version, "HTTP/1.1");
  EXPECT_EQ(http.server, "nginx/1.22");
  EXPECT_EQ(http.location, "/x");
  EXPECT_EQ(http.content_type, "text/html");
  EXPECT_EQ(http.title, "Git Lab");
  EXPECT_EQ(http.body_bytes, 22U);
  EXPECT_FALSE(http.body_cut);
  EXPECT_TRUE(http.first_byte_us.has_value());
  EXPECT_EQ(http.outcome, check_outcome::ok);
}

TEST(http_layer, reads_bodies_of_all_kinds) {
  const std::pair<const char*, std::uint64_t> answers[] = {
      {"HTTP/1.1 200 OK\r\n\r\nuntil the end", 13},
      {"HTTP/1.0 200 OK\r\n\r\n", 0},
      {"HTTP/1.1 204 No Content\r\n\r\n", 0},
      {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", 3},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\n"
       "Trailer: x\r\n\r\n",
       5},
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
       "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
       3},
  };
  for (const auto& [response, size] : answers) {
    const check_record record = answered(response);
    ASSERT_EQ(verdict_of(record), "ok") << response << record.summary;
    EXPECT_EQ(record.last().http->body_bytes, size) << response;
  }
}

TEST(http_layer, takes_the_answer_of_a_server_that_does_not_hear_the_question_out) {
  const scripted_server server([](server_connection& client) {
    client.send(http_response("", "", "431 Request Header Fields Too Large"));
    ::shutdown(client.fd(), SHUT_WR);
    client.stall();
  });
  const check_record record =
      run_check(request_for(fmt::format("http://127.0.0.1:{}", server.port())));
  EXPECT_EQ(record.last().http->status, 431) << record.summary;
}

TEST(http_layer, holds_a_5xx_for_a_failure_and_a_4xx_for_an_answer) {
  EXPECT_EQ(verdict_of(answered(http_response("", "", "404 Not Found"))), "ok");
  EXPECT_EQ(verdict_of(answered(http_response("", "", "302 Found"))), "ok");
  EXPECT_EQ(verdict_of(answered(http_response("", "", "502 Bad Gateway"))), "http status");
  EXPECT_EQ(answered(http_response("", "", "502 Bad Gateway")).outcome, check_outcome::failed);
}

TEST(http_layer, expects_the_status_that_it_is_told_to) {
  const auto expect_502 = [](check_request& request) {
    request.expected_status = parse_status_ranges("502").value();
  };
  EXPECT_EQ(verdict_of(answered(http_response("", "", "502 Bad Gateway"), expect_502)), "ok");
  EXPECT_EQ(verdict_of(answered(http_response(""), expect_502)), "http status");
}

TEST(http_layer, looks_for_the_text_that_it_is_told_to) {
  const auto expect_text = [](check_request& request) { request.expected_text = "Sign in"; };
  EXPECT_EQ(verdict_of(answered(http_response("<b>Sign in</b>"), expect_text)), "ok");
  EXPECT_EQ(verdict_of(answered(http_response("sign in"), expect_text)), "http text");
  const std::string far_behind = std::string(2U << 20, 'x') + "Sign in";
  const check_record record = answered(http_response(far_behind), expect_text);
  EXPECT_EQ(verdict_of(record), "http text");
  EXPECT_NE(record.summary.find("first 1048576 bytes"), std::string::npos) << record.summary;
}

TEST(http_layer, follows_redirects_only_when_told_to) {
  const scripted_server target(answer_with(http_response("<title>here</title>")));
  const std::string location = fmt::format("http://localhost:{}/x", target.port());
  const scripted_server server(
      answer_with(http_response("", fmt::format("Location: {}\r\n", location), "302 Found")));
  check_request request = request_for(fmt::format("http://127.0.0.1:{}/", server.port()));
  const check_record stays = run_check(request);
  EXPECT_EQ(verdict_of(stays), "ok");
  EXPECT_EQ(stays.last().http->location, location);
  EXPECT_EQ(target.clients(), 0);

  request.follow_redirects = true;
  request.expected_status = {{200, 200}};
  request.expected_text = "here";
  const check_record goes = run_check(request);
  EXPECT_EQ(verdict_of(goes), "ok") << goes.summary;
  ASSERT_EQ(goes.steps.size(), 2U);
  EXPECT_EQ(goes.steps[0].http->status, 302);
  EXPECT_EQ(goes.last().url, location);
  EXPECT_EQ(goes.last().http->title, "here");
}

TEST(http_layer, names_the_layer_at_which_a_redirect_fails) {
  const scripted_server server(
      answer_with(http_response("", "Location: http://127.0.0.1:1/\r\n", "302 Found")));
  check_request request = request_for(fmt::format("http://127.0.0.1:{}/", server.port()));
  request.follow_redirects = true;
  const check_record record = run_check(request);
  EXPECT_EQ(verdict_of(record), "tcp conn-refused");
  EXPECT_NE(record.summary.find("after 1 redirect, http://127.0.0.1:1/"), std::string::npos)
      << record.summary;
}

TEST(http_layer, says_when_a_redirect_leaves_encryption_behind) {
  const scripted_server plain(answer_with(http_response("")));
  const tls_identity identity({});
  const scripted_server server(answer_over_tls(
      identity, http_response("", fmt::format("Location: http://127.0.0.1:{}/\r\n", plain.port()),
                              "301 Moved Permanently")));
  check_request request = request_for(fmt::format("https://127.0.0.1:{}/", server.port()));
  request.insecure = true;
  request.follow_redirects = true;
  const check_record record = run_check(request);
  EXPECT_EQ(verdict_of(record), "ok") << record.summary;
  EXPECT_EQ(record.steps.at(0).http->detail, "leads from https to http");
}

}  // namespace
}  // namespace netscan
