#include "netscan/check/check_request.hpp"

#include <gtest/gtest.h>

#include "netscan/target/status.hpp"
#include "url.hpp"

namespace netscan {
namespace {

/// The target in normal form, or the error.
std::string target(std::string_view text) {
  const absl::StatusOr<check_request> request = parse_check_target(text);
  return request.ok() ? target_text(*request) : std::string(message_of(request.status()));
}

TEST(check_target, is_read_into_normal_form) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"gitlab.ailab.com:443", "gitlab.ailab.com:443"},
      {"GitLab.ailab.com:https", "gitlab.ailab.com:443"},
      {"10.0.0.232:80", "10.0.0.232:80"},
      {"[fd00:10::0:232]:443", "[fd00:10::232]:443"},
      {"[10.0.0.1]:80", "10.0.0.1:80"},
      {"tcp://gitlab:22", "gitlab:22"},
      {"tls://gitlab:6443", "tls://gitlab:6443"},
      {"tls://gitlab:6443/", "tls://gitlab:6443"},
      {"https://gitlab.ailab.com", "https://gitlab.ailab.com/"},
      {"HTTPS://GitLab.ailab.com:443/", "https://gitlab.ailab.com/"},
      {"https://gitlab:8443/-/readiness?all=1#top", "https://gitlab:8443/-/readiness?all=1"},
      {"http://10.0.0.232:443/", "http://10.0.0.232:443/"},
      {"http://[fd00:10::232]/x", "http://[fd00:10::232]/x"},
      {"http://gitlab?q", "http://gitlab/?q"},
      {"http://gitlab:/", "http://gitlab/"},
      {"http://gitlab/a:b@c/d", "http://gitlab/a:b@c/d"},
      {"http://gitlab/%7Ea%20b", "http://gitlab/%7Ea%20b"},
  };
  for (const auto& [text, wanted] : cases) EXPECT_EQ(target(text), wanted) << text;
}

TEST(check_target, that_is_wrong_is_named_with_what_would_be_right) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", "bad target '': expected HOST:PORT"},
      {"gitlab", "expected HOST:PORT, as in gitlab:443, or a URL"},
      {":443", "the host is missing"},
      {"gitlab:", "bad port ''"},
      {"gitlab:0", "bad port '0'"},
      {"gitlab:65536", "bad port '65536'"},
      {"gitlab:80,443", "'80,443' is more than one port"},
      {"gitlab:80-90", "'80-90' is more than one port"},
      {"gitlab:top:1", "written as [fd00::1]:443"},
      {"fd00::1:443", "written as [fd00::1]:443"},
      {"[fd00::1]", "expected HOST:PORT"},
      {"[fd00::1]443", "expected HOST:PORT"},
      {"[fd00::zz]:443", "'fd00::zz' is not an IP address"},
      {"10.0.0.300:80", "'10.0.0.300' is neither an address nor a host name"},
      {"0x7f.1:80", "'0x7f.1' is neither an address nor a host name"},
      {"a b:80", "'a b' is neither an address nor a host name"},
      {"a\x1b[31m:80", "'a\\x1b[31m' is neither"},
      {"0.0.0.0:80", "this network"},
      {"224.0.0.1:80", "multicast"},
      {"[fe80::1]:80", "zone"},
      {"https://", "the host is missing"},
      {"https:///path", "the host is missing"},
      {"ftp://gitlab/", "the scheme 'ftp' is not one of http, https, tls and tcp"},
      {"tls://gitlab", "tls:// needs a port, as in tls://gitlab:443"},
      {"tls://gitlab:443/x", "tls:// has no path"},
      {"https://gitlab:0/", "the port '0' is not one of 1 to 65535"},
      {"https://gitlab:65536/", "the port '65536' is not one of 1 to 65535"},
      {"https://gitlab:99999/", "the port '99999' is not one of 1 to 65535"},
      {"https://gitlab:https/", "not a URL"},
      {"https://gitlab:80x/", "not a URL"},
      {"https://gitlab:80:90/", "not a URL"},
      {"https://[fd00::1/", "not a URL"},
      {"https://gitlab[/", "not a URL"},
      {"https://gitlab/a b", "written as %XX"},
      {"https://gitlab/\x1b", "written as %XX"},
      {"https://gitlab/%zz", "written as %XX"},
      {"https://git..lab/", "'git..lab' is neither an address nor a host name"},
  };
  for (const auto& [text, wanted] : cases) {
    const std::string said = target(text);
    EXPECT_TRUE(said.starts_with("bad target '")) << said;
    EXPECT_NE(said.find(wanted), said.npos) << text << ": " << said;
  }
  EXPECT_NE(target("https://gitlab/" + std::string(9000, 'x')).find("longer than"),
            std::string::npos);
}

TEST(check_target, never_shows_a_password) {
  for (const std::string_view text :
       {"https://user:secret@gitlab/", "https://secret@gitlab/", "https://u:p@secret@gitlab/a b"}) {
    const std::string said = target(text);
    EXPECT_TRUE(said.starts_with("bad target 'https://...@gitlab/")) << said;
    EXPECT_EQ(said.find("secret"), said.npos) << said;
  }
}

TEST(resolve_override, is_read_as_curl_reads_it) {
  const resolve_override one = parse_resolve_override("GitLab.ailab.com:443:10.0.0.232").value();
  EXPECT_EQ(one, (resolve_override{"gitlab.ailab.com", 443, {ip_address::v4(0x0a0000e8)}}));
  const resolve_override two =
      parse_resolve_override("*:80:[fd00:10::232],fd00:10::249,10.0.0.1").value();
  EXPECT_EQ(two.host, "*");
  EXPECT_EQ(two.addresses.size(), 3U);
  EXPECT_EQ(to_string(two.addresses[1]), "fd00:10::249");
  const resolve_override literal = parse_resolve_override("[::1]:80:127.0.0.1").value();
  EXPECT_EQ(literal.host, "::1");
}

TEST(resolve_override, that_is_wrong_is_named) {
  for (const std::string_view text :
       {"", "gitlab", "gitlab:443", "gitlab:443:", "gitlab:0:10.0.0.1", "gitlab:443:10.0.0.300",
        "gitlab:443:other.name", "gitlab:443:0.0.0.0", "git lab:443:10.0.0.1",
        "gitlab:443:10.0.0.1,", "gitlab:443:10.0.0.1:5", "+gitlab:443:10.0.0.1"}) {
    const auto read = parse_resolve_override(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_TRUE(message_of(read.status()).starts_with(fmt::format("bad --resolve '{}'", text)))
        << message_of(read.status());
  }
}

TEST(status_ranges, are_numbers_ranges_and_classes) {
  EXPECT_EQ(parse_status_ranges("200,301-302,4xx").value(),
            (std::vector<status_range>{{200, 200}, {301, 302}, {400, 499}}));
  for (const std::string_view text :
       {"", "200,", "99", "600", "0xx", "6xx", "2x", "302-301", "20o", "-200", "200-", "2xxx"}) {
    EXPECT_FALSE(parse_status_ranges(text).ok()) << text;
  }
}

TEST(check_request, out_of_its_range_is_named) {
  const check_request good = parse_check_target("a:1").value();
  EXPECT_TRUE(validate(good).ok());
  const auto error = [&](auto change) {
    check_request request = good;
    change(request);
    const absl::Status status = validate(request);
    return std::string(message_of(status));
  };
  using namespace std::chrono_literals;
  EXPECT_NE(error([](auto& r) { r.timeout = 0ms; }).find("bad timeout 0 ms"), std::string::npos);
  EXPECT_NE(error([](auto& r) { r.timeout = 1h; }).find("bad timeout"), std::string::npos);
  EXPECT_NE(error([](auto& r) { r.connect_timeout = -1ms; }).find("connect"), std::string::npos);
  EXPECT_NE(error([](auto& r) { r.banner_wait = -1ms; }).find("banner"), std::string::npos);
  EXPECT_NE(error([](auto& r) { r.port = 0; }).find("port"), std::string::npos);
  EXPECT_NE(error([](auto& r) { r.host = ""; }).find("host"), std::string::npos);
  EXPECT_NE(error([](auto& r) { r.path = "x"; }).find("bad path 'x'"), std::string::npos);
}

TEST(ca_file, that_cannot_be_used_is_named) {
  for (const char* path : {"/no/such/file.pem", "/dev/null", "/etc/passwd", "/"}) {
    const absl::Status status = validate_ca_file(path);
    ASSERT_FALSE(status.ok()) << path;
    EXPECT_TRUE(
        message_of(status).starts_with(fmt::format("cannot read certificates from '{}': ", path)))
        << message_of(status);
  }
}

/// Where a redirect from http://a/b/c/d?q to `reference` leads, or the error.
std::string followed(std::string_view reference) {
  const check_request base = parse_check_target("http://a/b/c/d?q").value();
  const absl::StatusOr<check_request> next = detail::follow_reference(base, reference);
  return next.ok() ? target_text(*next) : std::string(message_of(next.status()));
}

// RFC 3986 5.4.1 and 5.4.2, without the ';p' of its base; what is not http apart.
TEST(redirect, is_resolved_as_the_rfc_says) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g", "http://g/"},
      {"?y", "http://a/b/c/d?y"},
      {"g?y", "http://a/b/c/g?y"},
      {"#s", "http://a/b/c/d?q"},
      {"g#s", "http://a/b/c/g"},
      {"g?y#s", "http://a/b/c/g?y"},
      {"", "http://a/b/c/d?q"},
      {".", "http://a/b/c/"},
      {"./", "http://a/b/c/"},
      {"..", "http://a/b/"},
      {"../", "http://a/b/"},
      {"../g", "http://a/b/g"},
      {"../..", "http://a/"},
      {"../../", "http://a/"},
      {"../../g", "http://a/g"},
      {"../../../g", "http://a/g"},
      {"../../../../g", "http://a/g"},
      {"/./g", "http://a/g"},
      {"/../g", "http://a/g"},
      {"g.", "http://a/b/c/g."},
      {".g", "http://a/b/c/.g"},
      {"g..", "http://a/b/c/g.."},
      {"..g", "http://a/b/c/..g"},
      {"./../g", "http://a/b/g"},
      {"./g/.", "http://a/b/c/g/"},
      {"g/./h", "http://a/b/c/g/h"},
      {"g/../h", "http://a/b/c/h"},
      {"g?y/./x", "http://a/b/c/g?y/./x"},
      {"g?y/../x", "http://a/b/c/g?y/../x"},
      {"https://h:8443/x", "https://h:8443/x"},
      {"HTTP://H", "http://h/"},
  };
  for (const auto& [reference, wanted] : cases) EXPECT_EQ(followed(reference), wanted) << reference;
}

TEST(redirect, to_another_server_does_not_take_the_first_ones_name_along) {
  check_request base = parse_check_target("https://10.0.0.232/").value();
  base.server_name = "gitlab.ailab.com";
  EXPECT_EQ(detail::follow_reference(base, "/x")->server_name, "gitlab.ailab.com");
  EXPECT_EQ(detail::follow_reference(base, "https://other/x")->server_name, "");
  EXPECT_EQ(detail::follow_reference(base, "https://10.0.0.232:8443/x")->server_name, "");
}

}  // namespace
}  // namespace netscan
