#include "way.hpp"

#include <fmt/format.h>
#include <poll.h>

#include "network_namespace.hpp"
#include "tun_device.hpp"

namespace netscan::testing {
namespace {

constexpr const char* device_name = "way0";

void configure_device(bool v6) {
  const std::string family = v6 ? "-6" : "-4";
  run({"ip", "link", "set", device_name, "up"});
  if (v6) {
    run({"ip", family, "addr", "add", way::scanner(v6) + "/128", "dev", device_name, "nodad"});
  } else {
    run({"ip", family, "addr", "add", way::scanner(v6) + "/32", "dev", device_name});
  }
  run({"ip", family, "route", "add", "default", "dev", device_name});
}

}  // namespace

way::way(bool v6, way_rule rule) : rule_(std::move(rule)), device_(open_tun_device(device_name)) {
  configure_device(v6);
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

way::~way() = default;

std::string way::router(unsigned hop, bool v6) {
  return v6 ? fmt::format("fd00:ffff::1:{:x}", hop) : fmt::format("198.51.100.{}", 100 + hop);
}

void way::run(const std::stop_token& stop) {
  take_precedence();
  while (!stop.stop_requested()) {
    pollfd device{device_.get(), POLLIN, 0};
    ::poll(&device, 1, 20);  // so that a stop is seen
    std::array<std::uint8_t, 2048> buffer;
    const ssize_t size = ::read(device_.get(), buffer.data(), buffer.size());
    if (size <= 0) continue;
    if (const auto packet = parse_packet({buffer.data(), static_cast<std::size_t>(size)})) {
      take(*packet);
    }
  }
}

void way::take(const tcp_packet& packet) {
  if ((packet.flags & (tcp_syn | tcp_ack | tcp_rst)) != tcp_syn) return;
  for (const way_reply& reply : rule_(packet, syns_[packet.ttl]++)) send(packet, reply);
}

void way::send(const tcp_packet& syn, const way_reply& reply) {
  packet_buffer buffer;
  std::span<const std::uint8_t> wire;
  if (reply.what == way_reply::icmp) {
    wire = write_icmp_error(*parse_address(reply.router), reply.type, reply.code, syn, buffer);
  } else {
    const bool open = reply.what == way_reply::syn_ack;
    wire = write_tcp(
        {syn.to, syn.from, syn.to_port, syn.from_port, open ? 0x1000U : 0U, syn.sequence + 1,
         static_cast<std::uint8_t>(tcp_ack | (open ? tcp_syn : tcp_rst))},
        buffer);
  }
  (void)!::write(device_.get(), wire.data(), wire.size());
}

way_reply time_exceeded(unsigned hop, bool v6) {
  return {way_reply::icmp, way::router(hop, v6), static_cast<std::uint8_t>(v6 ? 3 : 11), 0};
}

way_rule straight_way(unsigned length, std::optional<way_reply> end, bool v6) {
  return [=](const tcp_packet& syn, unsigned) -> std::vector<way_reply> {
    if (syn.ttl <= length) return {time_exceeded(syn.ttl, v6)};
    if (!end) return {};
    return {*end};
  };
}

}  // namespace netscan::testing
