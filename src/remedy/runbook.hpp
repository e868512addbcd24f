#pragma once

#include <string>
#include <string_view>

#include "netscan/remedy/remedy.hpp"
#include "plan_checks.hpp"

namespace netscan::detail {

/// runbook.sh: a script that is whole, with the settings of an example.
extern const std::string_view runbook_text;

/// The same with these settings.
std::string runbook(const remedy_facts& facts, const port_set& ports, const remedy_options& options,
                    bool has_gitlab_values, bool has_final_pool);

}  // namespace netscan::detail
