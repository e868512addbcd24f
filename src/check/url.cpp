#include "url.hpp"

#include <absl/strings/ascii.h>

#include <array>
#include <charconv>

#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <boost/url/url_view.hpp>

#include "host_text.hpp"
#include "netscan/target/status.hpp"

namespace netscan::detail {
namespace {

namespace urls = boost::urls;

// Servers take request lines of 8000 bytes (RFC 9112 3), most not many more.
constexpr std::size_t longest_url = 8000;

struct scheme_entry {
  std::string_view name;
  check_protocol protocol;
  std::uint16_t port;  // 0: must be given
};
constexpr std::array<scheme_entry, 4> schemes = {{
    {"http", check_protocol::http, 80},
    {"https", check_protocol::https, 443},
    {"tls", check_protocol::tls, 0},
    {"tcp", check_protocol::tcp, 0},
}};

std::string to_std(urls::string_view text) {
  return {text.data(), text.size()};
}

absl::Status not_a_url() {
  return invalid_argument(
      "not a URL as in https://gitlab.example/path, with other characters than letters, digits and "
      "-._~/?&=:@!$'()*+,; written as %XX");
}

struct authority {
  std::string host;
  std::uint16_t port = 0;  // 0: not given
};

/// Takes `HOST:PORT`, `[HOST]` and so on apart. (The port number of Boost.URL 1.81 wraps around.)
absl::StatusOr<authority> read_authority(std::string_view text) {
  if (text.find('@') != text.npos) return invalid_argument("a user and password are not supported");
  const std::size_t colon = text.rfind(':');
  const bool has_port = colon != text.npos && text.find(']', colon) == text.npos;
  std::string_view name = text.substr(0, has_port ? colon : text.npos);
  if (name.starts_with('[') && name.ends_with(']')) name = name.substr(1, name.size() - 2);
  absl::StatusOr<std::string> host = read_host(name);
  if (!host.ok()) return host.status();

  authority result{*std::move(host)};
  const std::string_view digits = has_port ? text.substr(colon + 1) : std::string_view();
  if (digits.empty()) return result;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, result.port);
  if (error != std::errc() || stop != end || result.port == 0) {
    return invalid_argument("the port '{}' is not one of 1 to 65535", excerpt(digits));
  }
  return result;
}

/// Of what leads above the root Boost.URL leaves `/../` (RFC 3986 5.2.4).
std::string without_leading_dots(std::string path) {
  while (path.starts_with("/../")) path.erase(0, 3);
  if (path == "/..") path = "/";
  return path;
}

absl::Status read_parsed(const urls::url_view& url, check_request& request) {
  const std::string scheme = absl::AsciiStrToLower(to_std(url.scheme()));
  const scheme_entry* known = nullptr;
  for (const scheme_entry& entry : schemes) {
    if (entry.name == scheme) known = &entry;
  }
  if (known == nullptr) {
    return invalid_argument("the scheme '{}' is not one of http, https, tls and tcp",
                            excerpt(scheme));
  }
  // Boost.URL 1.81 takes what follows a port's digits, or stands for them, for a path.
  if (!url.encoded_path().empty() && !url.encoded_path().starts_with('/')) return not_a_url();
  absl::StatusOr<authority> server = read_authority(to_std(url.encoded_authority()));
  if (!server.ok()) return server.status();
  if (server->port == 0 && known->port == 0) {
    return invalid_argument("{}:// needs a port, as in {}://{}:443", scheme, scheme,
                            bracketed(server->host));
  }
  const bool has_path = !url.encoded_path().empty() && url.encoded_path() != "/";
  if (known->port == 0 && (has_path || url.has_query())) {
    return invalid_argument("{}:// has no path: nothing is asked of the server", scheme);
  }
  request.protocol = known->protocol;
  request.host = std::move(server->host);
  request.port = server->port == 0 ? known->port : server->port;
  request.path = without_leading_dots(to_std(url.encoded_path()));
  if (request.path.empty()) request.path = "/";
  if (url.has_query()) request.path += '?' + to_std(url.encoded_query());
  return absl::OkStatus();
}

}  // namespace

absl::Status read_url(std::string_view text, check_request& request) {
  if (text.size() > longest_url) {
    return invalid_argument("it is longer than {} characters", longest_url);
  }
  const auto url = urls::parse_uri(urls::string_view(text.data(), text.size()));
  return url ? read_parsed(*url, request) : not_a_url();
}

absl::StatusOr<check_request> follow_reference(const check_request& from,
                                               std::string_view reference) {
  if (reference.size() > longest_url) {
    return invalid_argument("it is longer than {} characters", longest_url);
  }
  const std::string base_text = target_text(from);  // the views below look into it
  const auto base = urls::parse_uri(base_text);
  const auto relative =
      urls::parse_uri_reference(urls::string_view(reference.data(), reference.size()));
  if (!base || !relative) return invalid_argument("it is not a URL");
  urls::url resolved(*base);
  if (!resolved.resolve(*relative)) return invalid_argument("it is not a URL");
  check_request next = from;
  if (absl::Status status = read_parsed(resolved, next); !status.ok()) return status;
  if (next.protocol != check_protocol::http && next.protocol != check_protocol::https) {
    return invalid_argument("it is neither http nor https");
  }
  if (next.host != from.host || next.port != from.port) next.server_name.clear();
  return next;
}

std::string bracketed(std::string_view host) {
  return host.find(':') == host.npos ? std::string(host) : fmt::format("[{}]", host);
}

}  // namespace netscan::detail
