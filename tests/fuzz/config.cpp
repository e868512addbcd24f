// Files of `sweep --config`, for a command with an option of each kind.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <optional>

#include <CLI/CLI.hpp>

#include "config_file.hpp"
#include "file_descriptor.hpp"
#include "fuzz.hpp"

namespace {

/// A file in memory; its path.
class memory_file {
 public:
  explicit memory_file(std::string_view bytes) : fd_(::memfd_create("config", MFD_CLOEXEC)) {
    const auto size = static_cast<ssize_t>(bytes.size());
    netscan::fuzz::require(::write(fd_.get(), bytes.data(), bytes.size()) == size, "written");
  }
  std::string path() const { return fmt::format("/proc/self/fd/{}", fd_.get()); }

 private:
  netscan::testing::file_descriptor fd_;
};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  CLI::App command("", "sweep");
  std::vector<std::string> targets, exclude;
  std::string ports = "80", timing = "default", config;
  std::optional<unsigned> retries;
  std::uint64_t rate = 7;
  bool allow = false;
  command.add_option("TARGETS", targets);
  command.add_option("-p,--ports", ports);
  command.add_option("--exclude", exclude)->delimiter(',')->allow_extra_args(false);
  command.add_option("--timing", timing)->check(CLI::IsMember({"fast", "default"}));
  command.add_option("--retries", retries);
  command.add_option("--rate", rate);
  command.add_option("--config", config);
  command.add_flag("--allow-public", allow);
  command.parse("--rate 5");

  const memory_file file(netscan::fuzz::text_of(data, size));
  const absl::Status status = netscan::cli::apply_config_file(command, file.path());
  if (status.ok()) {
    netscan::fuzz::require(rate == 5, "the command line wins");
    netscan::fuzz::require(timing == "fast" || timing == "default", "what is refused is not taken");
  }
  netscan::fuzz::require(config.empty() && targets.empty(), "neither can be set by a file");
  const std::string place = file.path() + ":";
  netscan::fuzz::require(status.ok() || netscan::message_of(status).starts_with(place),
                         "an error names its place");
  return 0;
}
