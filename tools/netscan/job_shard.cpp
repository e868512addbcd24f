#include "job_shard.hpp"

#include <charconv>
#include <cstdlib>

#include "netscan/target/status.hpp"

namespace netscan::cli {
namespace {

constexpr const char* index_name = "JOB_COMPLETION_INDEX";
constexpr const char* count_name = "JOB_COMPLETIONS";

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

absl::StatusOr<std::optional<shard>> shard_of_job() {
  const char* const index_text = std::getenv(index_name);
  const char* const count_text = std::getenv(count_name);
  if (index_text == nullptr && count_text == nullptr) return std::nullopt;
  if (index_text == nullptr || count_text == nullptr) {
    // Every pod would scan everything.
    return invalid_argument("{} is set and {} is not: set both, or give --shard I/N",
                            index_text == nullptr ? count_name : index_name,
                            index_text == nullptr ? index_name : count_name);
  }
  const std::optional<std::uint64_t> index = parse_number(index_text);
  const std::optional<std::uint64_t> count = parse_number(count_text);
  if (!index || !count || *index >= *count) {
    return invalid_argument(
        "{}='{}' of {}='{}' is no shard: expected an index from 0 to one below the count",
        index_name, excerpt(index_text), count_name, excerpt(count_text));
  }
  return shard{*index + 1, *count};
}

std::string without_job_index(std::string host_name, const shard& shard) {
  const std::string suffix = fmt::format("-{}", shard.index - 1);
  if (host_name.size() > suffix.size() && host_name.ends_with(suffix)) {
    host_name.resize(host_name.size() - suffix.size());
  }
  return host_name;
}

}  // namespace netscan::cli
