/// `netscan sweep --journal` and `--resume`: from the arguments to a journal and back.
#pragma once

#include <absl/status/statusor.h>

#include <optional>
#include <string>
#include <vector>

#include "netscan/scan/journal.hpp"
#include "sweep_arguments.hpp"

namespace CLI {
class App;
}

namespace netscan::cli {

/// The journal to resume; nothing for a sweep that begins anew. With --journal and --resume naming
/// the same file, one that is not there yet is begun.
/// Errors: those of journal::open(); InvalidArgument when the two name different files.
absl::StatusOr<std::optional<journal>> open_resumed(const sweep_arguments& arguments);

/// Puts what the journal says in the place of what `command` was not given.
/// Errors: InvalidArgument for --exclude without targets.
absl::Status fill_in(sweep_arguments& arguments, const CLI::App& command, const journal_head& head);

/// Begins the journal that --journal names.
absl::StatusOr<journal> create_journal(const sweep_arguments& arguments, const scan_header& header,
                                       const plan& plan, const scan_options& options);

/// OK unless an output is the journal's file: writing one would destroy the other.
absl::Status check_outputs(const std::vector<std::string>& outputs, const std::string& journal);

}  // namespace netscan::cli
