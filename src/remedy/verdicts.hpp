#pragma once

#include <vector>

#include "hosts_file.hpp"
#include "name_lookup.hpp"
#include "netscan/check/check_record.hpp"
#include "netscan/remedy/verify.hpp"

namespace netscan::detail {

/// What everything that was asked comes to. Pure.

/// Of `answers` and `serves`, once `record` is there. `plan` for what to do about it.
void conclude_record(verified_check& verified, const remedy_plan& plan);

/// Of what had not ended when it was stopped.
void conclude_stopped(verified_check& verified);

/// Of `resolves`.
void conclude_name(verified_check& verified, const looked_up& answer,
                   const std::vector<hosts_line>& hosts);

/// Of `unneeded`: `names` has what the plan's host names stand for.
void conclude_old_address(verified_check& verified, const std::map<std::string, looked_up>& names,
                          const std::vector<hosts_line>& hosts, std::string_view hosts_file);

/// Whether a certificate's name, `*.ailab.com` included, is for this host (RFC 6125 6.4).
bool is_for_host(std::string_view certificate_name, std::string_view host);

}  // namespace netscan::detail
