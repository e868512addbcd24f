#include "url.hpp"

#include <absl/strings/ascii.h>

#include <array>

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
  if (url.has_userinfo()) return invalid_argument("a user and password are not supported");
  absl::StatusOr<std::string> host = read_host(std::string(url.host_address()));
  if (!host.ok()) return host.status();
  const std::string port = to_std(url.port());
  if (port.empty() && known->port == 0) {
    return invalid_argument("{}:// needs a port, as in {}://{}:443", scheme, scheme,
                            bracketed(*host));
  }
  if (!port.empty() && (url.port_number() == 0 || port.size() > 5)) {
    return invalid_argument("the port '{}' is not one of 1 to 65535", excerpt(port));
  }
  const bool has_path = !url.encoded_path().empty() && url.encoded_path() != "/";
  if (known->port == 0 && (has_path || url.has_query())) {
    return invalid_argument("{}:// has no path: nothing is asked of the server", scheme);
  }
  request.protocol = known->protocol;
  request.host = *std::move(host);
  request.port = port.empty() ? known->port : url.port_number();
  request.path = to_std(url.encoded_path());
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
  if (!url) {
    return invalid_argument(
        "not a URL as in https://gitlab.example/path, with other characters than letters, digits "
        "and -._~/?&=:@!$'()*+,; written as %XX");
  }
  return read_parsed(*url, request);
}

absl::StatusOr<check_request> follow_reference(const check_request& from,
                                               std::string_view reference) {
  if (reference.size() > longest_url) {
    return invalid_argument("it is longer than {} characters", longest_url);
  }
  const auto base = urls::parse_uri(target_text(from));
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
