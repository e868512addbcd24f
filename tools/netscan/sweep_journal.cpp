#include "sweep_journal.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include <CLI/CLI.hpp>

#include "netscan/target/status.hpp"

namespace netscan::cli {
namespace {

// The notes of a journal: where the results go. A resumed sweep may be started in another folder.
constexpr std::string_view output_note = "output ";
constexpr std::string_view format_note = "format ";
constexpr std::string_view show_note = "show ";

std::string absolute(const std::string& path) {
  std::error_code error;
  const std::filesystem::path whole = std::filesystem::absolute(path, error);
  return error ? path : whole.lexically_normal().string();
}

bool is_same_file(const std::string& a, const std::string& b) {
  std::error_code error;
  return absolute(a) == absolute(b) || std::filesystem::equivalent(a, b, error);
}

std::vector<std::string> notes_of(const sweep_arguments& arguments) {
  std::vector<std::string> notes;
  for (const std::string& path : arguments.outputs) {
    notes.push_back(fmt::format("{}{}", output_note, path == "-" ? path : absolute(path)));
  }
  notes.push_back(fmt::format("{}{}", format_note, arguments.format));
  notes.push_back(fmt::format("{}{}", show_note, arguments.show));
  return notes;
}

/// The values of the notes of one kind.
std::vector<std::string> noted(const journal_head& head, std::string_view kind) {
  std::vector<std::string> values;
  for (const std::string& note : head.notes) {
    if (note.starts_with(kind)) values.push_back(note.substr(kind.size()));
  }
  return values;
}

std::string noted_one(const journal_head& head, std::string_view kind,
                      const std::string& otherwise) {
  const std::vector<std::string> values = noted(head, kind);
  return values.empty() ? otherwise : values.front();
}

}  // namespace

absl::StatusOr<std::optional<journal>> open_resumed(const sweep_arguments& arguments) {
  if (arguments.resume.empty()) return std::nullopt;
  const bool may_begin = !arguments.journal.empty();
  if (may_begin && !is_same_file(arguments.journal, arguments.resume)) {
    return invalid_argument(
        "--journal '{}' and --resume '{}' are two files: a resumed scan goes on in its journal",
        excerpt(arguments.journal), excerpt(arguments.resume));
  }
  absl::StatusOr<journal> opened = journal::open(arguments.resume);
  if (opened.ok()) return std::optional(*std::move(opened));
  if (!absl::IsNotFound(opened.status())) return opened.status();
  if (may_begin) return std::nullopt;
  return absl::NotFoundError(
      fmt::format("{}; start the scan with --journal", message_of(opened.status())));
}

absl::Status fill_in(sweep_arguments& arguments, const CLI::App& command,
                     const journal_head& head) {
  const auto is_missing = [&](const char* option) { return command.count(option) == 0; };
  if (arguments.targets.empty()) {
    if (!arguments.exclude.empty()) {
      return absl::InvalidArgumentError("--exclude needs TARGETS here, to be compared with");
    }
    for (const address_range& range : head.plan.targets().ranges()) {
      arguments.targets.push_back(to_string(range));
    }
  }
  const scan_header& h = head.header;
  arguments.allow_public = true;  // it was when the scan began
  if (is_missing("--ports")) arguments.ports = h.ports;
  if (is_missing("--timeout")) arguments.timeout = fmt::format("{}ms", h.timeout_ms);
  if (is_missing("--timing")) arguments.timing = h.timing;
  if (is_missing("--retries")) arguments.retries = h.retries;
  if (is_missing("--rate")) arguments.rate = h.rate;
  if (is_missing("--concurrency")) arguments.concurrency = head.options.concurrency;
  if (is_missing("--threads")) arguments.threads = head.options.threads;
  if (is_missing("--max-per-address")) arguments.per_address = h.per_address;
  if (is_missing("--max-per-network")) arguments.per_network = h.per_network;
  if (is_missing("--seed")) arguments.seed = h.seed;
  if (is_missing("--order")) arguments.order = h.order;
  if (!arguments.has_shard) {
    arguments.shard = fmt::format("{}/{}", h.shard_index, h.shard_count);
  }
  if (is_missing("--vantage")) arguments.vantage = h.vantage;
  if (is_missing("--output")) arguments.outputs = noted(head, output_note);
  if (is_missing("--output") && is_missing("--format")) {
    arguments.format = noted_one(head, format_note, arguments.format);
  }
  if (is_missing("--show")) arguments.show = noted_one(head, show_note, arguments.show);
  return absl::OkStatus();
}

absl::StatusOr<journal> create_journal(const sweep_arguments& arguments, const scan_header& header,
                                       const plan& plan, const scan_options& options) {
  absl::StatusOr<journal> created =
      journal::create(arguments.journal, {header, plan, options, notes_of(arguments)});
  if (!absl::IsAlreadyExists(created.status())) return created;
  return absl::AlreadyExistsError(
      fmt::format("{}: go on with it (--resume), or remove it", message_of(created.status())));
}

absl::Status check_outputs(const std::vector<std::string>& outputs, const std::string& journal) {
  for (const std::string& path : outputs) {
    if (path != "-" && is_same_file(path, journal)) {
      return invalid_argument("'{}' is the journal, and cannot be an output too", excerpt(path));
    }
  }
  return absl::OkStatus();
}

}  // namespace netscan::cli
