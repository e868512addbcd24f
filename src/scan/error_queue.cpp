#include "error_queue.hpp"

#include <linux/errqueue.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "socket_address.hpp"

namespace netscan::detail {
namespace {

/// The ICMP error that a message of the error queue carries, if it carries one.
std::optional<icmp_evidence> find_icmp(msghdr& message) noexcept {
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr;
       header = CMSG_NXTHDR(&message, header)) {
    const bool v4 = header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_RECVERR;
    const bool v6 = header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_RECVERR;
    if (!v4 && !v6) continue;
    // The sender's address follows the error (SO_EE_OFFENDER).
    struct {
      sock_extended_err error;
      sockaddr_in6 offender;
    } content{};
    const std::size_t size = header->cmsg_len - CMSG_LEN(0);
    std::memcpy(&content, CMSG_DATA(header), std::min(size, sizeof content));
    if (content.error.ee_origin != SO_EE_ORIGIN_ICMP &&
        content.error.ee_origin != SO_EE_ORIGIN_ICMP6) {
      continue;
    }
    icmp_evidence evidence;
    evidence.type = content.error.ee_type;
    evidence.code = content.error.ee_code;
    evidence.from = socket_address::address_of(reinterpret_cast<const sockaddr&>(content.offender));
    return evidence;
  }
  return std::nullopt;
}

}  // namespace

std::optional<icmp_evidence> drain_error_queue(int fd, const endpoint& destination) noexcept {
  std::optional<icmp_evidence> found;
  for (;;) {
    alignas(cmsghdr) char control[256];
    socket_address about;
    msghdr message{};
    message.msg_name = about.data();
    message.msg_namelen = socket_address::capacity();
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    if (::recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) {
      if (errno == EINTR) continue;
      return found;
    }
    if (about.to_endpoint() != destination) continue;
    if (const std::optional<icmp_evidence> icmp = find_icmp(message)) found = icmp;
  }
}

}  // namespace netscan::detail
