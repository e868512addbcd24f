#include "netscan/check/check_request.hpp"

#include <cerrno>
#include <charconv>
#include <fstream>
#include <unordered_set>

#include "host_text.hpp"
#include "netscan/target/port_set.hpp"
#include "netscan/target/status.hpp"
#include "target/split.hpp"
#include "url.hpp"

namespace netscan {
namespace {

using namespace std::chrono_literals;

constexpr std::uint16_t lowest_status = 100;
constexpr std::uint16_t highest_status = 599;

/// A single port: a number or a service name.
absl::StatusOr<std::uint16_t> read_port(std::string_view text) {
  const bool is_one = text.find_first_of(",:") == text.npos && text != "-";
  absl::StatusOr<port_set> ports = parse_ports(text);
  if (!ports.ok()) return ports.status();
  if (!is_one || ports->size() != 1) {
    return invalid_argument("'{}' is more than one port", excerpt(text));
  }
  return ports->at(0);
}

struct host_and_rest {
  std::string_view host;
  /// What follows the colon after the host; nothing when there is no colon.
  std::optional<std::string_view> rest;
};

/// Takes `HOST:REST` or `[HOST]:REST` apart at the first colon behind the host.
host_and_rest split_host(std::string_view text) {
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    const std::string_view after = end == text.npos ? "" : text.substr(end + 1);
    if (after.empty() || after.front() != ':') return {text, std::nullopt};
    return {text.substr(1, end - 1), after.substr(1)};
  }
  const std::size_t colon = text.find(':');
  if (colon == text.npos) return {text, std::nullopt};
  return {text.substr(0, colon), text.substr(colon + 1)};
}

absl::Status read_host_and_port(std::string_view text, check_request& request) {
  const host_and_rest parts = split_host(text);
  if (!parts.rest) {
    return invalid_argument("expected HOST:PORT, as in {}:443, or a URL", excerpt(text));
  }
  if (!text.starts_with('[') && parts.rest->find(':') != text.npos) {
    return invalid_argument("an IPv6 address with a port is written as [fd00::1]:443");
  }
  absl::StatusOr<std::string> host = detail::read_host(parts.host);
  if (!host.ok()) return host.status();
  absl::StatusOr<std::uint16_t> port = read_port(*parts.rest);
  if (!port.ok()) return port.status();
  request.host = *std::move(host);
  request.port = *port;
  return absl::OkStatus();
}

/// A URL is shown without what stands before '@': that may be a password.
std::string shown_target(std::string_view text) {
  const std::size_t scheme = text.find("://");
  if (scheme == text.npos) return excerpt(text);
  const std::size_t begin = scheme + 3;
  const std::string_view authority = text.substr(begin, text.find_first_of("/?#", begin) - begin);
  const std::size_t at = authority.rfind('@');
  if (at == authority.npos) return excerpt(text);
  return excerpt(fmt::format("{}...{}", text.substr(0, begin), text.substr(begin + at)));
}

absl::Status bad(std::string_view what, std::string_view text, std::string_view why) {
  return invalid_argument("bad {} '{}': {}", what, text, why);
}

std::optional<std::uint16_t> read_status(std::string_view text) {
  std::uint16_t status = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), status);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (status < lowest_status || status > highest_status) return std::nullopt;
  return status;
}

/// `200`, `200-299` or `2xx`.
std::optional<status_range> read_status_range(std::string_view text) {
  if (text.size() == 3 && (text.ends_with("xx") || text.ends_with("XX"))) {
    const auto first = read_status(std::string{text[0], '0', '0'});
    if (!first) return std::nullopt;
    return status_range{*first, static_cast<std::uint16_t>(*first + 99)};
  }
  const std::size_t dash = text.find('-');
  const auto first = read_status(text.substr(0, dash));
  const auto last = dash == text.npos ? first : read_status(text.substr(dash + 1));
  if (!first || !last || *last < *first) return std::nullopt;
  return status_range{*first, *last};
}

/// Collects targets, each once.
class target_reader {
 public:
  absl::Status add(std::string_view text) {
    absl::StatusOr<check_request> request = parse_check_target(text);
    if (!request.ok()) return request.status();
    if (seen_.insert(target_text(*request)).second) requests_.push_back(*std::move(request));
    return absl::OkStatus();
  }

  absl::Status add_file(std::string_view argument) {
    const std::string path(argument.substr(1));
    errno = 0;
    std::ifstream file(path);
    std::string line;
    for (std::size_t number = 1; std::getline(file, line); ++number) {
      for (const std::string_view word : detail::split(line, " \t\r", false)) {
        if (word.starts_with('#')) break;
        const absl::Status status = add(word);
        if (!status.ok()) {
          return invalid_argument("{}:{}: {}", path, number, message_of(status));
        }
      }
    }
    if (file.eof()) return absl::OkStatus();
    return absl::ErrnoToStatus(errno == 0 ? EIO : errno,
                               fmt::format("cannot read target file '{}'", printable(path)));
  }

  absl::StatusOr<std::vector<check_request>> finish() && {
    if (requests_.empty())
      return invalid_argument("no targets: give at least one HOST:PORT or URL");
    return std::move(requests_);
  }

 private:
  std::vector<check_request> requests_;
  std::unordered_set<std::string> seen_;
};

bool is_within(std::chrono::milliseconds value, std::chrono::milliseconds low) {
  return value >= low && value <= 10min;
}

}  // namespace

absl::StatusOr<check_request> parse_check_target(std::string_view text) {
  check_request request;
  const bool is_url = text.find("://") != text.npos;
  absl::Status status =
      is_url ? detail::read_url(text, request) : read_host_and_port(text, request);
  if (!status.ok()) return bad("target", shown_target(text), message_of(status));
  return request;
}

absl::StatusOr<std::vector<check_request>> parse_check_targets(std::span<const std::string> texts) {
  target_reader reader;
  for (const std::string& text : texts) {
    const absl::Status status = text.starts_with('@') ? reader.add_file(text) : reader.add(text);
    if (!status.ok()) return status;
  }
  return std::move(reader).finish();
}

absl::StatusOr<resolve_override> parse_resolve_override(std::string_view text) {
  constexpr std::string_view expected =
      "expected HOST:PORT:ADDRESS, as in gitlab.example:443:10.0.0.232";
  const host_and_rest host = split_host(text);
  const std::size_t colon = host.rest ? host.rest->find(':') : text.npos;
  if (colon == text.npos) return bad("--resolve", excerpt(text), expected);

  resolve_override result;
  result.host = "*";
  if (host.host != "*") {
    absl::StatusOr<std::string> name = detail::read_host(host.host);
    if (!name.ok()) return bad("--resolve", excerpt(text), message_of(name.status()));
    result.host = *std::move(name);
  }
  absl::StatusOr<std::uint16_t> port = read_port(host.rest->substr(0, colon));
  if (!port.ok()) return bad("--resolve", excerpt(text), message_of(port.status()));
  result.port = *port;
  for (std::string_view item : detail::split(host.rest->substr(colon + 1), ",")) {
    if (item.starts_with('[') && item.ends_with(']')) item = item.substr(1, item.size() - 2);
    absl::StatusOr<ip_address> address = parse_ip_address(item);
    if (!address.ok()) return bad("--resolve", excerpt(text), message_of(address.status()));
    if (const auto why = why_not_probeable(*address)) return bad("--resolve", excerpt(text), *why);
    result.addresses.push_back(*address);
  }
  return result;
}

absl::StatusOr<std::vector<status_range>> parse_status_ranges(std::string_view text) {
  std::vector<status_range> ranges;
  for (const std::string_view item : detail::split(text, ",")) {
    const std::optional<status_range> range = read_status_range(item);
    if (!range) {
      return bad("status", excerpt(item), "expected 100 to 599, as in 200, 200-299 or 2xx");
    }
    ranges.push_back(*range);
  }
  return ranges;
}

std::string target_text(const check_request& request) {
  const std::string host = detail::bracketed(request.host);
  switch (request.protocol) {
    case check_protocol::tcp:
      return fmt::format("{}:{}", host, request.port);
    case check_protocol::tls:
      return fmt::format("tls://{}:{}", host, request.port);
    case check_protocol::http:
      if (request.port == 80) return fmt::format("http://{}{}", host, request.path);
      return fmt::format("http://{}:{}{}", host, request.port, request.path);
    case check_protocol::https:
      break;
  }
  if (request.port == 443) return fmt::format("https://{}{}", host, request.path);
  return fmt::format("https://{}:{}{}", host, request.port, request.path);
}

absl::Status validate(const check_request& request) {
  if (request.host.empty()) return invalid_argument("a check needs a host");
  if (request.port == 0) return invalid_argument("a check needs a port from 1 to 65535");
  if (!request.path.starts_with('/')) {
    return invalid_argument("bad path '{}': it must begin with '/'", excerpt(request.path));
  }
  if (!is_within(request.timeout, 1ms)) {
    return invalid_argument("bad timeout {} ms: expected 1 ms to 10 minutes",
                            request.timeout.count());
  }
  if (!is_within(request.connect_timeout, 1ms)) {
    return invalid_argument("bad connect timeout {} ms: expected 1 ms to 10 minutes",
                            request.connect_timeout.count());
  }
  if (request.banner_wait < 0ms || !is_within(request.banner_wait, 0ms)) {
    return invalid_argument("bad wait for a banner {} ms: expected 0 to 10 minutes",
                            request.banner_wait.count());
  }
  return absl::OkStatus();
}

}  // namespace netscan
