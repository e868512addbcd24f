// What is made of the bytes that a server sends, without a server.
#include "remote_text.hpp"

#include <gtest/gtest.h>

#include <random>

#include "body_watch.hpp"
#include "certificate.hpp"
#include "connect_order.hpp"
#include "html_title.hpp"
#include "netscan/target/printable.hpp"
#include "tls_identity.hpp"

namespace netscan::detail {
namespace {

TEST(html_title, is_found_whatever_is_around_it) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"<title>GitLab</title>", "GitLab"},
      {"<TITLE lang=\"en\">\n  Git  Lab\t</TiTlE >", "Git  Lab"},
      {"<titles>no</titles><title>yes</title>", "yes"},
      {"<title></title>", ""},
      {"<title> \n </title>", ""},
      {"<title>never ends", ""},
      {"<title", ""},
      {"<title>a<b></title>", "a<b>"},
      {"<title>first</title><title>second</title>", "first"},
      {"<title/>x</title>", "x"},
      {"no title", ""},
      {"", ""},
      {"<title>a\x1b[31m\xff</title>", "a\x1b[31m\xff"},
  };
  for (const auto& [html, wanted] : cases) EXPECT_EQ(html_title(html), wanted) << html;
}

TEST(remote_text, is_cut_off_between_characters) {
  EXPECT_EQ(cut_remote_text("short"), "short");
  const std::string snowmen = [] {
    std::string text = "x";
    while (text.size() < 2 * longest_remote_text) text += "\xe2\x98\x83";
    return text;
  }();
  const std::string cut = cut_remote_text(snowmen);
  EXPECT_LE(cut.size(), longest_remote_text);
  EXPECT_GT(cut.size(), longest_remote_text - 3);
  EXPECT_EQ(printable(cut), cut);
  EXPECT_LE(cut_remote_text(std::string(9999, '\x80')).size(), longest_remote_text);
}

TEST(body_watch, finds_a_text_wherever_the_pieces_end) {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    std::string body(random() % 60, '\0');
    for (char& c : body) c = static_cast<char>('a' + random() % 2);
    std::string text(random() % 7, '\0');
    for (char& c : text) c = static_cast<char>('a' + random() % 2);
    body_watch watch(text);
    for (std::size_t at = 0; at < body.size();) {
      const std::size_t size = std::min<std::size_t>(random() % 5, body.size() - at);
      watch.add(std::string_view(body).substr(at, size));
      at += size;
    }
    EXPECT_EQ(watch.has_text(), body.find(text) != body.npos) << body << " " << text;
    EXPECT_EQ(watch.size(), body.size());
    EXPECT_EQ(watch.head(), body);
  }
}

TEST(body_watch, keeps_only_the_beginning) {
  body_watch watch("never");
  const std::string piece(1U << 20, 'x');
  for (int i = 0; i < 64; ++i) watch.add(piece);
  EXPECT_EQ(watch.size(), 64U << 20);
  EXPECT_LE(watch.head().size(), 128U << 10);
}

std::vector<std::string> ordered(const std::vector<std::string>& texts) {
  std::vector<ip_address> addresses;
  for (const std::string& text : texts) addresses.push_back(parse_ip_address(text).value());
  std::vector<std::string> order;
  for (const ip_address& address : connect_order(addresses)) order.push_back(to_string(address));
  return order;
}

TEST(connect_order, lets_the_families_take_turns) {
  using texts = std::vector<std::string>;
  EXPECT_EQ(ordered({}), texts{});
  EXPECT_EQ(ordered({"10.0.0.1", "10.0.0.2"}), (texts{"10.0.0.1", "10.0.0.2"}));
  EXPECT_EQ(ordered({"fd00::1", "fd00::2", "fd00::3", "10.0.0.1"}),
            (texts{"fd00::1", "10.0.0.1", "fd00::2", "fd00::3"}));
  EXPECT_EQ(ordered({"10.0.0.1", "fd00::1", "fd00::2", "10.0.0.2"}),
            (texts{"10.0.0.1", "fd00::1", "10.0.0.2", "fd00::2"}));
}

TEST(certificate, is_described) {
  const testing::tls_identity authority({.common_name = "Test CA", .is_authority = true});
  const testing::tls_identity identity({.common_name = "Gr\xc3\xbc\xc3\x9f, \"x\"",
                                        .dns_names = {"a.test", "*.b.test"},
                                        .addresses = {"10.0.0.232", "fd00:10::232"},
                                        .not_before = -2,
                                        .not_after = 5},
                                       &authority);
  const certificate_info info = describe_certificate(*identity.certificate());
  EXPECT_EQ(info.subject, "CN=Gr\xc3\xbc\xc3\x9f\\, \\\"x\\\"");
  EXPECT_EQ(info.issuer, "CN=Test CA");
  EXPECT_EQ(info.names,
            (std::vector<std::string>{"a.test", "*.b.test", "10.0.0.232", "fd00:10::232"}));
  EXPECT_EQ(info.not_after - info.not_before, std::chrono::days(7));
  EXPECT_EQ(info.sha256.size(), 64U);
}

TEST(certificate, problems_have_names) {
  EXPECT_EQ(problem_of_verify_error(X509_V_OK), check_problem::none);
  EXPECT_EQ(problem_of_verify_error(X509_V_ERR_CERT_HAS_EXPIRED), check_problem::cert_expired);
  EXPECT_EQ(problem_of_verify_error(X509_V_ERR_CERT_REVOKED), check_problem::cert_invalid);
}

}  // namespace
}  // namespace netscan::detail
