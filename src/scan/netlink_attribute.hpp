#pragma once

#include <linux/rtnetlink.h>

#include <cstddef>
#include <optional>

#include "netscan/target/ip_address.hpp"

namespace netscan::detail {

/// The attribute of this type behind a message's own header, which has `header_size` bytes; nullptr
/// when there is none (rtnetlink(7)).
const rtattr* attribute_of(const nlmsghdr& message, std::size_t header_size,
                           unsigned short type) noexcept;

/// The address in an attribute of this family (AF_INET, AF_INET6). `interface` is the zone that it
/// has when it is link-local. Nothing when there is no attribute, or no such address in it.
std::optional<ip_address> address_in(const rtattr* attribute, int family, int interface) noexcept;

}  // namespace netscan::detail
