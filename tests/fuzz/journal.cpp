// Journals: whatever is in the file, what is done and what is left make up the plan.
#include "netscan/scan/journal.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace netscan;
  const int fd = ::memfd_create("journal", MFD_CLOEXEC);
  fuzz::require(fd >= 0 && ::write(fd, data, size) == static_cast<ssize_t>(size), "a file");
  {
    const absl::StatusOr<journal> read = journal::open(fmt::format("/proc/self/fd/{}", fd));
    fuzz::require_clean(read.status());
    if (read.ok()) {
      std::uint64_t records = 0;
      const auto error = read->replay([&](std::span<const probe_record> some) {
        records += some.size();
        return boost::system::error_code();
      });
      fuzz::require(!error, "what was read is read again");
      fuzz::require(records == read->done().size(), "a record for each probe that is done");
      fuzz::require(records + read->rest().size() == read->head().plan.size(), "nothing is lost");
    }
  }
  ::close(fd);
  return 0;
}
