#include "world.hpp"

#include <poll.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <queue>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "network_namespace.hpp"
#include "packet.hpp"
#include "tun_device.hpp"
#include "world_hostility.hpp"

namespace netscan::testing {
namespace {

using clock = std::chrono::steady_clock;

constexpr const char* device_name = "world0";
constexpr const char* scanner_mac = "02:00:00:00:00:02";

// Destination, source, type.
constexpr std::size_t ethernet_header = 14;

void configure_device(const world_truth& truth, world_link link) {
  const std::string router = world::router(truth.is_v6());
  const std::string family = truth.is_v6() ? "-6" : "-4";
  const std::string scanner = world::scanner(truth.is_v6()) + (truth.is_v6() ? "/128" : "/32");
  if (link == world_link::ethernet) {
    run({"ip", "link", "set", device_name, "address", scanner_mac});
  }
  // Room for every SYN of a scan: with the usual 500 the device drops what the scanner sends while
  // the responder has not had its turn.
  run({"ip", "link", "set", device_name, "txqueuelen", "200000", "up"});
  if (truth.is_v6()) {
    run({"ip", family, "addr", "add", scanner, "dev", device_name, "nodad"});
  } else {
    run({"ip", family, "addr", "add", scanner, "dev", device_name});
  }
  run({"ip", family, "route", "add", router, "dev", device_name});
  if (link == world_link::ip) {
    run({"ip", family, "route", "add", truth.options().prefix, "dev", device_name});
    return;
  }
  run({"ip", family, "neigh", "add", router, "lladdr", world::router_mac(), "dev", device_name,
       "nud", "permanent"});
  run({"ip", family, "route", "add", truth.options().prefix, "via", router});
}

struct icmp_error {
  std::uint8_t type;
  std::uint8_t code;
};

icmp_error icmp_error_of(world_kind kind, bool v6) {
  switch (kind) {
    case world_kind::prohibited:
      return v6 ? icmp_error{1, 1} : icmp_error{3, 13};
    case world_kind::port_unreachable:
      return v6 ? icmp_error{1, 4} : icmp_error{3, 3};
    default:
      return v6 ? icmp_error{1, 3} : icmp_error{3, 1};
  }
}

}  // namespace

// Reads SYNs and answers them when it is time.
class world::responder {
 public:
  explicit responder(world& world)
      : world_(world),
        hostility_(world.truth_),
        icmp_from_(*parse_address(options().icmp_from.empty() ? router(world.truth_.is_v6())
                                                              : options().icmp_from)) {}

  void run(const std::stop_token& stop) {
    take_precedence();
    while (!stop.stop_requested()) {
      send_what_is_due();
      world_.is_waiting_ = true;
      wait();
      world_.is_waiting_ = false;
      read_packets();
    }
  }

 private:
  struct reply {
    clock::time_point due;
    tcp_packet syn;
    world_kind kind;
    bool copy = false;

    bool operator>(const reply& other) const { return due > other.due; }
  };

  const world_options& options() const { return world_.truth_.options(); }

  // Until a packet comes or a reply is due, and never so long that a stop is not seen.
  void wait() {
    auto time = std::chrono::nanoseconds(std::chrono::milliseconds(20));
    if (!replies_.empty()) {
      time = std::clamp(std::chrono::nanoseconds(replies_.top().due - clock::now()),
                        std::chrono::nanoseconds(0), time);
    }
    pollfd device{world_.device_.get(), POLLIN, 0};
    const timespec limit{0, static_cast<long>(time.count())};
    ::ppoll(&device, 1, &limit, nullptr);
  }

  void read_packets() {
    // Not without end: replies have their time too.
    for (int i = 0; i < 256; ++i) {
      std::array<std::uint8_t, 2048> buffer;
      const ssize_t size = ::read(world_.device_.get(), buffer.data(), buffer.size());
      if (size <= 0) return;
      const auto packet = without_header({buffer.data(), static_cast<std::size_t>(size)});
      if (const auto parsed = parse_packet(packet)) take(*parsed);
    }
  }

  // What is no IP packet (ARP) becomes nothing, or what parse_packet() refuses.
  std::span<const std::uint8_t> without_header(std::span<const std::uint8_t> frame) const {
    if (world_.link_ == world_link::ip) return frame;
    return frame.subspan(std::min(frame.size(), ethernet_header));
  }

  void take(const tcp_packet& packet) {
    if ((packet.flags & tcp_rst) != 0) ++world_.counters_.resets;
    if ((packet.flags & (tcp_syn | tcp_ack | tcp_rst)) != tcp_syn) return;
    const std::uint64_t index = world_.truth_.index_of(packet.to);
    if (index == world_.truth_.size()) return;
    ++world_.counters_.syns;
    send_stray_resets(packet);
    send_forged(packet);
    const unsigned ordinal = world_.count_syn(index, packet.to_port);
    if (world_.truth_.loses_syn(index, packet.to_port, ordinal)) {
      ++world_.counters_.lost_in;
      return;
    }
    const world_kind kind = world_.truth_.kind(index, packet.to_port);
    if (kind == world_kind::silent) return;
    if (world_.truth_.loses_answer(index, packet.to_port, ordinal)) {
      ++world_.counters_.lost_out;
      return;
    }
    const auto delay = std::chrono::microseconds(world_.truth_.delay_us(index, packet.to_port));
    const auto due = clock::now() + delay;
    replies_.push({due, packet, kind});
    for (unsigned copy = 1; copy <= options().duplicates; ++copy) {
      const auto gap = std::chrono::microseconds(options().duplicate_gap_us);
      replies_.push({due + copy * gap, packet, kind, true});
    }
  }

  void send_what_is_due() {
    const auto now = clock::now();
    while (!replies_.empty() && replies_.top().due <= now) {
      send(replies_.top());
      replies_.pop();
    }
  }

  void send(const reply& reply) {
    send_stray_resets(reply.syn);
    packet_buffer buffer;
    if (!send(write(reply, buffer))) return;
    ++world_.counters_.answers;
    if (reply.copy) ++world_.counters_.copies;
  }

  void send_stray_resets(const tcp_packet& syn) {
    packet_buffer buffer;
    for (unsigned round = 0; round < options().stray_resets; ++round) {
      for (const tcp_packet& reset : hostility_.stray_resets(syn)) {
        if (send(write_tcp(reset, buffer))) ++world_.counters_.stray_resets;
      }
    }
  }

  void send_forged(const tcp_packet& syn) {
    if (options().forgery == world_forgery::none) return;
    packet_buffer buffer;
    if (send(hostility_.write_forged(syn, buffer))) ++world_.counters_.forged;
  }

  bool send(std::span<const std::uint8_t> packet) {
    // To the scanner's MAC, from the router's, and the EtherType (RFC 894, 2464).
    std::array<std::uint8_t, ethernet_header> header = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0};
    if (world_.truth_.is_v6()) header[12] = 0x86, header[13] = 0xdd;
    const bool framed = world_.link_ == world_link::ethernet;
    const std::array<iovec, 2> parts = {
        iovec{header.data(), framed ? header.size() : 0},
        iovec{const_cast<std::uint8_t*>(packet.data()), packet.size()}};
    return ::writev(world_.device_.get(), parts.data(), 2) > 0;
  }

  std::span<const std::uint8_t> write(const reply& reply, packet_buffer& buffer) const {
    const tcp_packet& syn = reply.syn;
    if (reply.kind != world_kind::open && reply.kind != world_kind::closed) {
      const icmp_error error = icmp_error_of(reply.kind, syn.to.v6);
      return write_icmp_error(icmp_from_, error.type, error.code, syn, buffer);
    }
    tcp_packet answer{syn.to,
                      syn.from,
                      syn.to_port,
                      syn.from_port,
                      0,
                      syn.sequence + 1,
                      static_cast<std::uint8_t>(tcp_rst | tcp_ack)};
    if (reply.kind == world_kind::open) {
      answer.flags = tcp_syn | tcp_ack;
      answer.sequence = 0x1000;
    }
    return write_tcp(hostility_.moved(answer), buffer);
  }

  world& world_;
  world_hostility hostility_;
  ip_address icmp_from_;
  std::priority_queue<reply, std::vector<reply>, std::greater<>> replies_;
};

world::world(world_options options, std::vector<std::uint16_t> ports, world_link link)
    : truth_(std::move(options)),
      link_(link),
      ports_(std::move(ports)),
      syns_to_(truth_.size() * ports_.size()),
      device_(open_tun_device(device_name,
                              link == world_link::ip ? device_kind::tun : device_kind::tap)) {
  configure_device(truth_, link);
  thread_ = std::jthread([this](const std::stop_token& stop) { responder(*this).run(stop); });
}

world::~world() = default;

void world::catch_up() const {
  // In this order: who is found waiting before and after has taken nothing from the device between.
  while (!is_waiting_ || has_packet() || !is_waiting_) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

bool world::has_packet() const {
  pollfd device{device_.get(), POLLIN, 0};
  return ::poll(&device, 1, 0) > 0;
}

unsigned world::count_syn(std::uint64_t index, std::uint16_t port) {
  const auto found = std::ranges::find(ports_, port);
  if (found == ports_.end()) return 0;
  const auto column = static_cast<std::uint64_t>(found - ports_.begin());
  return syns_to_[index * ports_.size() + column]++;
}

unsigned world::syns_to(std::uint64_t index, std::uint16_t port) const {
  const auto found = std::ranges::find(ports_, port);
  if (found == ports_.end()) throw std::invalid_argument("the world does not count this port");
  return syns_to_[index * ports_.size() + static_cast<std::uint64_t>(found - ports_.begin())];
}

std::uint64_t world::dropped() const {
  // proc(5), /proc/net/dev: after the name eight numbers of receiving, then bytes, packets, errors
  // and drops of sending.
  std::ifstream file("/proc/net/dev");
  std::string line;
  while (std::getline(file, line)) {
    const std::size_t colon = line.find(':');
    if (colon == line.npos || line.find(device_name) == line.npos) continue;
    std::istringstream fields(line.substr(colon + 1));
    std::uint64_t value = 0;
    for (int i = 0; i < 12; ++i) fields >> value;
    return value;
  }
  throw std::runtime_error("the world's device is gone");
}

}  // namespace netscan::testing
