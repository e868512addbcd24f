#include <gtest/gtest.h>

#include <cerrno>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "netscan/report/check_writer.hpp"
#include "sample_checks.hpp"
#include "sample_scans.hpp"

namespace netscan {
namespace {

using testing::ip;
using testing::lines_of;
using testing::random_check;
using testing::sample_check;
using testing::sample_time;

// --- records ---

/// A check of one step, without a layer yet.
check_record bare_check(const std::string& target, check_outcome outcome,
                        const std::string& summary) {
  check_record record;
  record.vantage = "pc";
  record.target = target;
  record.outcome = outcome;
  record.summary = summary;
  record.time = sample_time();
  record.steps.emplace_back().url = target;
  return record;
}

template <typename Layer>
Layer& reached(std::optional<Layer>& layer, std::uint64_t duration_us) {
  layer.emplace();
  layer->outcome = check_outcome::ok;
  layer->duration_us = duration_us;
  return *layer;
}

void looked_up(check_step& step, std::vector<ip_address> addresses,
               name_source source = name_source::literal) {
  dns_result& dns = reached(step.dns, 1234);
  dns.source = source;
  dns.addresses = std::move(addresses);
}

probe_record& attempted(check_step& step, std::string_view address, probe_reason reason) {
  if (!step.tcp) reached(step.tcp, 412);
  probe_record attempt;
  attempt.ip = ip(address);
  attempt.port = 443;
  attempt.reason = reason;
  if (reason == probe_reason::syn_ack) attempt.rtt_us = 398;
  step.tcp->port = 443;
  step.tcp->attempts.push_back(attempt);
  return step.tcp->attempts.back();
}

check_record open_check() {
  check_record record =
      bare_check("10.0.0.232:443", check_outcome::ok, "10.0.0.232 port 443 is open");
  looked_up(record.steps[0], {ip("10.0.0.232")});
  attempted(record.steps[0], "10.0.0.232", probe_reason::syn_ack);
  return record;
}

/// No connection to 10.0.0.60.
check_record unconnected_check(check_outcome outcome, const std::string& summary) {
  check_record record = bare_check("10.0.0.60:443", outcome, summary);
  record.layer = check_layer::tcp;
  record.problem = check_problem::connect;
  looked_up(record.steps[0], {ip("10.0.0.60")});
  tcp_result& tcp = reached(record.steps[0].tcp, 412);
  tcp.outcome = outcome;
  tcp.problem = check_problem::connect;
  return record;
}

check_record rejected_check() {
  check_record record = unconnected_check(
      check_outcome::failed,
      "10.0.0.60 port 443 is filtered: admin-prohibited from 192.168.77.1 (ICMP 3/13)");
  probe_record& attempt = attempted(record.steps[0], "10.0.0.60", probe_reason::admin_prohibited);
  attempt.icmp = icmp_evidence{3, 13, ip("192.168.77.1")};
  attempt.rtt_us = 412;
  return record;
}

tls_result& agreed_on_tls(check_step& step) {
  tls_result& tls = reached(step.tls, 3000);
  tls.version = "TLSv1.3";
  tls.cipher = "TLS_AES_256_GCM_SHA384";
  tls.alpn = "http/1.1";
  tls.verified = true;
  certificate_info& certificate = tls.certificate.emplace();
  certificate.subject = "CN=gitlab.ailab.com";
  certificate.issuer = "CN=Lab CA,O=ailab";
  certificate.names = {"gitlab.ailab.com", "10.0.0.232"};
  certificate.not_before = sample_time() - std::chrono::days(10);
  certificate.not_after = sample_time() + std::chrono::days(80);
  return tls;
}

/// An https server that is reached and has shown its certificate.
check_record encrypted_check(check_outcome outcome, const std::string& summary) {
  check_record record = bare_check("https://gitlab.ailab.com/", outcome, summary);
  looked_up(record.steps[0], {ip("10.0.0.232"), ip("fd00:10::232")}, name_source::resolver);
  attempted(record.steps[0], "10.0.0.232", probe_reason::syn_ack);
  agreed_on_tls(record.steps[0]);
  return record;
}

check_record self_signed_check() {
  check_record record = encrypted_check(
      check_outcome::failed,
      "10.0.0.232 is open, TLS fails: the certificate is not good: self-signed certificate");
  record.layer = check_layer::tls;
  record.problem = check_problem::cert_self_signed;
  tls_result& tls = *record.steps[0].tls;
  tls.certificate->issuer = tls.certificate->subject;
  tls.outcome = check_outcome::failed;
  tls.verified = false;
  tls.problem = tls.verify_problem = check_problem::cert_self_signed;
  tls.verify_detail = "self-signed certificate";
  return record;
}

check_record web_check() {
  check_record record = encrypted_check(check_outcome::ok, "10.0.0.232 answers 200 OK");
  http_result& http = reached(record.steps[0].http, 12'345);
  http.status = 200;
  http.status_text = "OK";
  http.server = "nginx";
  http.content_type = "text/html";
  http.title = "Sign in · GitLab";
  http.body_bytes = 8312;
  return record;
}

std::string with_layers(const check_record& record, unsigned width = 100) {
  return check_text(record, {.layers = true, .width = width});
}

// --- whole texts ---

TEST(check_text, of_an_open_port) {
  EXPECT_EQ(check_text(open_check(), {}), "ok      10.0.0.232:443: 10.0.0.232 port 443 is open\n");
  EXPECT_EQ(with_layers(open_check()),
            "ok      10.0.0.232:443: 10.0.0.232 port 443 is open\n"
            "  dns   10.0.0.232\n"
            "  tcp   10.0.0.232 port 443 open, syn-ack; 398 us\n");
}

TEST(check_text, names_who_rejected_the_connection) {
  const std::string line =
      "failed  10.0.0.60:443: 10.0.0.60 port 443 is filtered: admin-prohibited from 192.168.77.1 "
      "(ICMP 3/13)\n";
  EXPECT_EQ(check_text(rejected_check(), {}), line);
  EXPECT_EQ(with_layers(rejected_check()),
            line +
                "  dns   10.0.0.60\n"
                "  tcp   10.0.0.60 port 443 filtered, admin-prohibited from 192.168.77.1 "
                "(ICMP 3/13); 412 us\n");
}

TEST(check_text, of_a_certificate_that_does_not_verify) {
  EXPECT_EQ(with_layers(self_signed_check()),
            "failed  https://gitlab.ailab.com/: 10.0.0.232 is open, TLS fails: the certificate is "
            "not good: self-signed certificate\n"
            "  dns   10.0.0.232, fd00:10::232; 1.2 ms\n"
            "  tcp   10.0.0.232 port 443 open, syn-ack; 398 us\n"
            "  tls   TLSv1.3, TLS_AES_256_GCM_SHA384, http/1.1; 3.0 ms\n"
            "        CN=gitlab.ailab.com, for gitlab.ailab.com, 10.0.0.232\n"
            "        issued by itself\n"
            "        valid from 2025-12-26 to 2026-03-26, 80 days from now\n"
            "        not good: cert-self-signed (self-signed certificate)\n");
}

TEST(check_text, of_a_name_that_is_not_found) {
  check_record record =
      bare_check("gitlab.example:443", check_outcome::failed,
                 "the name gitlab.example is not known: Name or service not known");
  record.layer = check_layer::dns;
  record.problem = check_problem::name_not_found;
  looked_up(record.steps[0], {}, name_source::resolver);
  record.steps[0].dns->outcome = check_outcome::failed;
  record.steps[0].dns->problem = check_problem::name_not_found;
  record.steps[0].dns->detail = "Name or service not known";
  EXPECT_EQ(with_layers(record),
            "failed  gitlab.example:443: the name gitlab.example is not known: Name or service not "
            "known\n"
            "  dns   no address; 1.2 ms\n"
            "        failed: name-not-found (Name or service not known)\n");
}

TEST(check_text, of_what_this_host_could_not_ask) {
  check_record record = unconnected_check(check_outcome::error,
                                          "10.0.0.60 port 443 is error: local-error (ENETUNREACH)");
  attempted(record.steps[0], "10.0.0.60", probe_reason::local_error).local_errno = ENETUNREACH;
  EXPECT_EQ(with_layers(record),
            "error   10.0.0.60:443: 10.0.0.60 port 443 is error: local-error (ENETUNREACH)\n"
            "  dns   10.0.0.60\n"
            "  tcp   10.0.0.60 port 443 error, local-error (ENETUNREACH)\n");
}

TEST(check_text, of_a_host_without_a_descriptor_left) {
  check_record record =
      unconnected_check(check_outcome::error, "this host could not connect: Too many open files");
  record.problem = record.steps[0].tcp->problem = check_problem::local_error;
  record.steps[0].tcp->detail = "Too many open files";
  EXPECT_EQ(with_layers(record),
            "error   10.0.0.60:443: this host could not connect: Too many open files\n"
            "  dns   10.0.0.60\n"
            "  tcp   nothing was sent\n"
            "        error: local-error (Too many open files)\n");
}

TEST(check_text, of_a_page) {
  EXPECT_EQ(with_layers(web_check()),
            "ok      https://gitlab.ailab.com/: 10.0.0.232 answers 200 OK\n"
            "  dns   10.0.0.232, fd00:10::232; 1.2 ms\n"
            "  tcp   10.0.0.232 port 443 open, syn-ack; 398 us\n"
            "  tls   TLSv1.3, TLS_AES_256_GCM_SHA384, http/1.1; 3.0 ms\n"
            "        CN=gitlab.ailab.com, for gitlab.ailab.com, 10.0.0.232\n"
            "        issued by CN=Lab CA,O=ailab\n"
            "        valid from 2025-12-26 to 2026-03-26, 80 days from now\n"
            "  http  200 OK, nginx, text/html, 8312 bytes; 12.3 ms\n"
            "        title: Sign in · GitLab\n");
}

TEST(check_text, of_a_page_that_is_not_the_expected_one) {
  check_record record = web_check();
  record.outcome = check_outcome::failed;
  http_result& http = *record.steps[0].http;
  http.outcome = check_outcome::failed;
  http.problem = check_problem::status;
  http.detail = "expected 302";
  http.body_cut = true;
  http.location = "/users/sign_in";
  EXPECT_TRUE(with_layers(record).ends_with(
      "  http  200 OK, nginx, text/html, 8312 bytes and more; 12.3 ms\n"
      "        location: /users/sign_in\n"
      "        title: Sign in · GitLab\n"
      "        failed: status (expected 302)\n"))
      << with_layers(record);
}

TEST(check_text, of_a_server_that_does_not_answer_on_its_open_port) {
  check_record record = encrypted_check(check_outcome::failed, "10.0.0.232 is open, TLS fails");
  tls_result& tls = reached(record.steps[0].tls, 5'000'000);
  tls.outcome = check_outcome::failed;
  tls.problem = check_problem::timeout;
  EXPECT_TRUE(
      with_layers(record).ends_with("  tls   no session; 5.00 s\n"
                                    "        failed: timeout\n"))
      << with_layers(record);
  record.steps[0].tls.reset();
  http_result& http = reached(record.steps[0].http, 12);
  http.outcome = check_outcome::failed;
  http.problem = check_problem::closed;
  EXPECT_TRUE(
      with_layers(record).ends_with("  http  no answer; 12 us\n"
                                    "        failed: closed\n"))
      << with_layers(record);
}

TEST(check_text, of_a_stopped_check) {
  check_record record =
      bare_check("10.0.0.232:443", check_outcome::stopped, "stopped before it had an answer");
  looked_up(record.steps[0], {ip("10.0.0.232")});
  record.steps[0].tcp.emplace();
  EXPECT_EQ(with_layers(record),
            "stopped  10.0.0.232:443: stopped before it had an answer\n"
            "  dns   10.0.0.232\n"
            "  tcp   nothing was sent\n"
            "        stopped\n");
}

TEST(check_text, names_the_url_of_each_step_when_there_are_several) {
  check_record record = web_check();
  EXPECT_EQ(with_layers(record).find("\n  https://"), std::string::npos);
  check_step first = open_check().steps[0];
  first.url = "http://gitlab.ailab.com/";
  record.steps.insert(record.steps.begin(), first);
  record.steps[1].tls.reset();
  record.steps[1].http.reset();
  EXPECT_EQ(with_layers(record),
            "ok      https://gitlab.ailab.com/: 10.0.0.232 answers 200 OK\n"
            "  http://gitlab.ailab.com/\n"
            "  dns   10.0.0.232\n"
            "  tcp   10.0.0.232 port 443 open, syn-ack; 398 us\n"
            "  https://gitlab.ailab.com/\n"
            "  dns   10.0.0.232, fd00:10::232; 1.2 ms\n"
            "  tcp   10.0.0.232 port 443 open, syn-ack; 398 us\n");
}

TEST(check_text, lists_every_address_and_what_was_said_first) {
  check_record record = open_check();
  check_step& step = record.steps[0];
  looked_up(step, {ip("10.0.0.60"), ip("10.0.0.232"), ip("10.0.0.249")}, name_source::given);
  step.tcp.reset();
  attempted(step, "10.0.0.60", probe_reason::conn_refused);
  attempted(step, "10.0.0.232", probe_reason::syn_ack);
  step.tcp->overtaken = {ip("10.0.0.249")};
  step.tcp->banner = "SSH-2.0-OpenSSH_9.2\r\n";
  EXPECT_EQ(with_layers(record),
            "ok      10.0.0.232:443: 10.0.0.232 port 443 is open\n"
            "  dns   10.0.0.60, 10.0.0.232, 10.0.0.249 (given)\n"
            "  tcp   10.0.0.60 port 443 closed, conn-refused\n"
            "        10.0.0.232 port 443 open, syn-ack; 398 us\n"
            "        10.0.0.249 port 443 had not answered yet\n"
            "        says: SSH-2.0-OpenSSH_9.2\n");
}

// --- certificates ---

/// The text about the certificate, after a change of it.
std::string certificate_lines(void (*change)(tls_result&), unsigned width = 200) {
  check_record record = encrypted_check(check_outcome::ok, "10.0.0.232 speaks TLSv1.3");
  change(*record.steps[0].tls);
  const std::string text = with_layers(record, width);
  const std::size_t tls = text.find("\n  tls ");
  return text.substr(text.find('\n', tls + 1) + 1);
}

TEST(check_text, says_what_an_insecure_check_let_pass) {
  EXPECT_EQ(certificate_lines([](tls_result& tls) {
              tls.verified = false;
              tls.verify_problem = check_problem::cert_expired;
              tls.verify_detail = "certificate has expired";
              tls.certificate->not_after = sample_time() - std::chrono::hours(36);
            }),
            "        CN=gitlab.ailab.com, for gitlab.ailab.com, 10.0.0.232\n"
            "        issued by CN=Lab CA,O=ailab\n"
            "        valid from 2025-12-26 to 2026-01-03, 1 day ago\n"
            "        not good: cert-expired (certificate has expired)\n");
}

TEST(check_text, says_what_else_went_wrong_after_a_certificate) {
  EXPECT_TRUE(certificate_lines([](tls_result& tls) {
                tls.outcome = check_outcome::failed;
                tls.problem = check_problem::handshake;
                tls.detail = "tlsv13 alert certificate required";
              })
                  .ends_with("80 days from now\n"
                             "        failed: handshake (tlsv13 alert certificate required)\n"));
}

// Old versions had ciphers without certificates; verify_problem is cert_invalid then.
TEST(check_text, of_a_server_without_a_certificate_says_why_it_fails) {
  check_record record = self_signed_check();
  tls_result& tls = *record.steps[0].tls;
  tls.certificate.reset();
  tls.problem = tls.verify_problem = check_problem::cert_invalid;
  tls.verify_detail.clear();
  const std::string text = with_layers(record);
  EXPECT_NE(text.find("cert-invalid"), text.npos) << text;
}

TEST(check_text, names_only_so_many_names_of_a_certificate) {
  const auto named = [](tls_result& tls) { tls.certificate->names.assign(8, "a.example"); };
  const std::string eight =
      "        CN=gitlab.ailab.com, for a.example, a.example, a.example, a.example, a.example, "
      "a.example, a.example, a.example";
  EXPECT_TRUE(certificate_lines(named).starts_with(eight + "\n")) << certificate_lines(named);
  const auto too_many = [](tls_result& tls) { tls.certificate->names.assign(256, "a.example"); };
  EXPECT_TRUE(certificate_lines(too_many).starts_with(eight + " and 248 more\n"))
      << certificate_lines(too_many);
}

TEST(check_text, of_a_certificate_without_names_has_its_subject) {
  EXPECT_TRUE(certificate_lines([](tls_result& tls) {
                tls.certificate->names.clear();
              }).starts_with("        CN=gitlab.ailab.com\n"));
}

// RFC 5280 4.1.2.6: all that a certificate for a host needs are its alternative names.
TEST(check_text, of_a_certificate_without_a_subject_has_its_names) {
  const std::string text =
      certificate_lines([](tls_result& tls) { tls.certificate->subject.clear(); });
  EXPECT_NE(text.find("for gitlab.ailab.com, 10.0.0.232\n"), text.npos) << text;
  EXPECT_FALSE(text.starts_with("        ,")) << text;
}

// --- the terminal ---

std::size_t shown_columns(std::string_view line) {
  std::size_t columns = 0;
  for (const char c : line) columns += (static_cast<unsigned char>(c) & 0xc0) != 0x80 ? 1 : 0;
  return line.ends_with('\n') ? columns - 1 : columns;
}

/// The lines about the layers: the first line of all is one line however long it is.
std::vector<std::string> layer_lines(const check_record& record, unsigned width) {
  std::vector<std::string> lines = lines_of(with_layers(record, width));
  lines.erase(lines.begin());
  return lines;
}

TEST(check_text, fits_a_narrow_terminal) {
  EXPECT_EQ(with_layers(self_signed_check(), 40),
            "failed  https://gitlab.ailab.com/: 10.0.0.232 is open, TLS fails: the certificate is "
            "not good: self-signed certificate\n"
            "  dns   10.0.0.232, fd00:10::232; 1.2 ms\n"
            "  tcp   10.0.0.232 port 443 open,\n"
            "          syn-ack; 398 us\n"
            "  tls   TLSv1.3, TLS_AES_256_GCM_SHA384,\n"
            "          http/1.1; 3.0 ms\n"
            "        CN=gitlab.ailab.com, for\n"
            "          gitlab.ailab.com, 10.0.0.232\n"
            "        issued by itself\n"
            "        valid from 2025-12-26 to\n"
            "          2026-03-26, 80 days from now\n"
            "        not good: cert-self-signed\n"
            "          (self-signed certificate)\n");
}

TEST(check_text, no_line_is_wider_than_the_terminal_unless_one_word_is) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const check_record record = random_check(seed);
    for (const unsigned width : {40U, 57U, 80U}) {
      for (const std::string& line : layer_lines(record, width)) {
        if (shown_columns(line) <= width) continue;
        // What stands behind the layer's name.
        const std::size_t word = line.find_first_not_of(' ', 8);
        EXPECT_EQ(line.find(' ', word), line.npos) << width << ": " << line;
      }
    }
  }
}

TEST(check_text, uses_the_width_there_is) {
  // Each line could not have taken the first word of the next one, which goes on with it.
  const std::vector<std::string> lines = layer_lines(self_signed_check(), 40);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (!lines[i].starts_with("          ")) continue;
    const std::size_t word = lines[i].find_first_of(" \n", 10) - 10;
    EXPECT_GT(shown_columns(lines[i - 1]) + 1 + word, 40U) << lines[i - 1] << lines[i];
  }
}

// A subject or a location of one long word must not stand further to the right than other text.
TEST(check_text, a_word_wider_than_the_terminal_is_indented_like_any_other) {
  const std::string text = certificate_lines(
      [](tls_result& tls) {
        tls.certificate->subject = "CN=" + std::string(50, 'x');
        tls.certificate->names.clear();
      },
      40);
  const std::size_t word = text.find("CN=x");
  const std::size_t indent = word - (text.rfind('\n', word) + 1);
  EXPECT_TRUE(indent == 8 || indent == 10) << indent << " in:\n" << text;
}

TEST(check_text, takes_any_width) {
  for (const unsigned width : {0U, 1U, 8U, 9U, ~0U}) {
    const std::string text = with_layers(web_check(), width);
    EXPECT_NE(text.find("TLS_AES_256_GCM_SHA384,"), text.npos) << width;
    EXPECT_TRUE(text.ends_with("GitLab\n")) << width;
  }
}

TEST(check_text, colours_the_outcome_and_nothing_else) {
  const std::pair<check_outcome, std::string> cases[] = {
      {check_outcome::ok, "\033[32mok    \033[0m"},
      {check_outcome::failed, "\033[31mfailed\033[0m"},
      {check_outcome::error, "\033[35merror \033[0m"},
      {check_outcome::stopped, "\033[33mstopped\033[0m"},
  };
  for (const auto& [outcome, word] : cases) {
    check_record record = web_check();
    record.outcome = outcome;
    const std::string plain = with_layers(record);
    const std::string coloured = check_text(record, {.layers = true, .colour = true, .width = 100});
    EXPECT_EQ(coloured, word + plain.substr(plain.find("  https://")));
    EXPECT_EQ(plain.find('\033'), plain.npos);
  }
}

// --- text of strangers ---

/// Valid UTF-8 (as Boost.JSON sees it) and, but for the ends of lines, without C0, DEL and C1.
bool is_for_a_terminal(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<std::uint8_t>(text[i]);
    if ((byte < 0x20 && byte != '\n') || byte == 0x7f) return false;
    const bool is_c1 =
        byte == 0xc2 && i + 1 < text.size() && static_cast<std::uint8_t>(text[i + 1]) < 0xa0;
    if (is_c1) return false;
  }
  boost::system::error_code error;
  boost::json::parse(boost::json::serialize(boost::json::string(text)), error);
  return !error;
}

TEST(check_text, the_test_for_a_terminal_sees_what_it_is_for) {
  EXPECT_TRUE(is_for_a_terminal("Sign in · GitLab \xe2\x98\x83\n"));
  for (const std::string_view text :
       {"\x1b[31m", "\r", "\t", "\x7f", "\xc2\x9b", "caf\xe9", "\xed\xa0\x80", "\xc0\xaf"}) {
    EXPECT_FALSE(is_for_a_terminal(text));
  }
  EXPECT_FALSE(is_for_a_terminal(std::string_view("\0", 1)));
}

/// A check in which everything that the peer has a say in is `text`.
check_record said_by_a_stranger(const std::string& text) {
  check_record record = web_check();
  record.target = record.steps[0].url = text;
  record.steps.push_back(record.steps[0]);
  for (check_step& step : record.steps) {
    step.dns->detail = step.tcp->detail = step.tcp->banner = text;
    tls_result& tls = *step.tls;
    tls.detail = tls.alpn = tls.verify_detail = text;
    tls.verified = false;
    tls.verify_problem = check_problem::cert_name_mismatch;
    tls.certificate->subject = tls.certificate->issuer = text;
    tls.certificate->issuer += '.';
    tls.certificate->names = {text, text};
    http_result& http = *step.http;
    http.detail = http.status_text = http.server = http.location = text;
    http.content_type = http.title = text;
  }
  return record;
}

TEST(check_text, shows_nothing_of_strangers_that_a_terminal_obeys) {
  const std::size_t wanted = lines_of(with_layers(said_by_a_stranger("harmless"), 1000)).size();
  for (const std::string& text :
       {std::string("\x1b]0;title\a"), std::string("\x1b[2J\x1b[1;1H"), std::string("a\r\nb\n"),
        std::string("\n\nfailed  10.0.0.1:443: forged"),
        std::string("\xc2\x9b"
                    "31m"),
        std::string("caf\xe9"), std::string("\0\x7f\t\b", 4), std::string("\xed\xa0\x80")}) {
    const check_record record = said_by_a_stranger(text);
    const std::string shown = with_layers(record, 1000);
    EXPECT_TRUE(is_for_a_terminal(shown)) << shown;
    // No line was begun or ended by them.
    EXPECT_EQ(lines_of(shown).size(), wanted) << shown;
    EXPECT_EQ(lines_of(check_text(record, {})).size(), 1U);
  }
}

TEST(check_text, shows_every_text_of_strangers_escaped) {
  const std::string shown = with_layers(said_by_a_stranger("a\x1b"
                                                           "b"),
                                        1000);
  for (const char* const line :
       {"\n  a\\x1bb\n", "        a\\x1bb, for a\\x1bb, a\\x1bb\n", "issued by a\\x1bb.\n",
        "says: a\\x1bb\n", "not good: cert-name-mismatch (a\\x1bb)\n", "location: a\\x1bb\n",
        "title: a\\x1bb\n", "200 a\\x1bb, a\\x1bb, a\\x1bb, 8312 bytes"}) {
    EXPECT_NE(shown.find(line), shown.npos) << line << " in:\n" << shown;
  }
}

TEST(check_text, cuts_off_what_strangers_do_not_end) {
  const std::string shown =
      with_layers(said_by_a_stranger(std::string(longest_remote_text, 'x')), 1000);
  EXPECT_NE(shown.find("title: " + std::string(200, 'x') + "...\n"), shown.npos) << shown;
  EXPECT_EQ(shown.find(std::string(201, 'x')), shown.npos);
}

TEST(check_text, is_printable_in_complete_lines_whatever_the_record_holds) {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const check_record record = random_check(seed);
    for (const unsigned width : {40U, 80U}) {
      const std::string text = with_layers(record, width);
      ASSERT_TRUE(is_for_a_terminal(text)) << seed << text;
      ASSERT_EQ(text.back(), '\n');
      const std::vector<std::string> lines = lines_of(text);
      ASSERT_EQ(lines[0], check_text(record, {}));
      ASSERT_TRUE(lines[0].ends_with("http://gitlab.ailab.com/: " + record.summary + "\n"));
      for (std::size_t i = 1; i < lines.size(); ++i) {
        ASSERT_TRUE(lines[i].starts_with("  ")) << seed << lines[i];
        ASSERT_GT(lines[i].size(), 3U) << seed;
      }
    }
  }
}

}  // namespace
}  // namespace netscan
