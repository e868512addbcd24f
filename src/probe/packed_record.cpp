#include "netscan/probe/packed_record.hpp"

#include <concepts>
#include <cstring>

namespace netscan {
namespace {

constexpr std::uint8_t has_rtt = 1;
constexpr std::uint8_t has_icmp = 2;
constexpr std::uint8_t has_errno = 4;

// How an address begins; one with a zone is text.
enum address_kind : std::uint8_t { with_zone = 0, plain_v4 = 4, plain_v6 = 6 };

/// A record on its way into bytes.
class packer {
 public:
  std::string_view view() const noexcept { return {bytes_, size_}; }

  void put(std::unsigned_integral auto number) noexcept {
    for (std::size_t i = 0; i < sizeof number; ++i) {
      bytes_[size_++] = static_cast<char>(number >> (8 * i));
    }
  }

  void put(const ip_address& address) noexcept {
    if (address.zone() != 0) {
      put(std::uint8_t{with_zone});
      const std::size_t length = write_ip_address(address, bytes_ + size_ + 1);
      put(static_cast<std::uint8_t>(length));
      size_ += length;
    } else if (address.is_v4()) {
      put(std::uint8_t{plain_v4});
      put(static_cast<std::uint32_t>(address.low()));
    } else {
      put(std::uint8_t{plain_v6});
      put(address.high());
      put(address.low());
    }
  }

 private:
  // All members, with two addresses of which either may be a text.
  char bytes_[32 + 2 * (2 + max_ip_address_text)];
  std::size_t size_ = 0;
};

/// Takes members off; after one that is not there all others are zero.
class unpacker {
 public:
  explicit unpacker(std::string_view bytes) : bytes_(bytes) {}

  bool failed() const noexcept { return failed_; }
  std::string_view rest() const noexcept { return bytes_; }

  template <std::unsigned_integral Number>
  Number number() noexcept {
    Number value = 0;
    const std::string_view from = take(sizeof value);
    for (std::size_t i = 0; i < from.size(); ++i) {
      value = static_cast<Number>(value | Number{static_cast<std::uint8_t>(from[i])} << (8 * i));
    }
    return value;
  }

  ip_address address() {
    switch (number<std::uint8_t>()) {
      case plain_v4:
        return ip_address::v4(number<std::uint32_t>());
      case plain_v6: {
        const auto high = number<std::uint64_t>();
        return ip_address::v6(high, number<std::uint64_t>());
      }
      case with_zone: {
        const absl::StatusOr<ip_address> parsed = parse_ip_address(take(number<std::uint8_t>()));
        if (parsed.ok()) return *parsed;
        break;
      }
    }
    failed_ = true;
    return {};
  }

 private:
  std::string_view take(std::size_t size) noexcept {
    if (failed_ || bytes_.size() < size) {
      failed_ = true;
      return {};
    }
    const std::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }

  std::string_view bytes_;
  bool failed_ = false;
};

}  // namespace

void append_packed(std::string& bytes, const probe_record& r) {
  packer out;
  out.put(static_cast<std::uint8_t>(r.reason));
  out.put(static_cast<std::uint8_t>((r.rtt_us ? has_rtt : 0) | (r.icmp ? has_icmp : 0) |
                                    (r.local_errno != 0 ? has_errno : 0)));
  out.put(r.port);
  out.put(r.attempts);
  out.put(static_cast<std::uint64_t>(r.time.time_since_epoch().count()));
  out.put(r.ip);
  if (r.rtt_us) out.put(*r.rtt_us);
  if (r.icmp) {
    out.put(r.icmp->type);
    out.put(r.icmp->code);
    out.put(r.icmp->from);
  }
  if (r.local_errno != 0) out.put(static_cast<std::uint32_t>(r.local_errno));
  bytes.append(out.view());
}

std::optional<probe_record> take_packed(std::string_view& bytes) {
  unpacker in(bytes);
  probe_record r;
  const auto reason = in.number<std::uint8_t>();
  const auto flags = in.number<std::uint8_t>();
  r.reason = static_cast<probe_reason>(reason);
  r.port = in.number<std::uint16_t>();
  r.attempts = in.number<std::uint16_t>();
  r.time =
      timestamp(std::chrono::milliseconds(static_cast<std::int64_t>(in.number<std::uint64_t>())));
  r.ip = in.address();
  if (flags & has_rtt) r.rtt_us = in.number<std::uint32_t>();
  if (flags & has_icmp) {
    r.icmp.emplace();
    r.icmp->type = in.number<std::uint8_t>();
    r.icmp->code = in.number<std::uint8_t>();
    r.icmp->from = in.address();
  }
  if (flags & has_errno) r.local_errno = static_cast<std::int32_t>(in.number<std::uint32_t>());
  const bool is_known = reason <= static_cast<std::uint8_t>(probe_reason::local_error) &&
                        flags <= (has_rtt | has_icmp | has_errno);
  if (in.failed() || !is_known) return std::nullopt;
  bytes = in.rest();
  return r;
}

}  // namespace netscan
