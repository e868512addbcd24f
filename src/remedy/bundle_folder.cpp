// The bundle on disk: all of it or nothing.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "netscan/remedy/remedy.hpp"
#include "netscan/target/status.hpp"

namespace netscan {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view undo_folder = "undo";

constexpr std::array<std::string_view, 8> known_names = {
    "metallb.yaml",       "metallb-final.yaml",
    "test-lb.yaml",       "ingress-nginx-values.yaml",
    "gitlab-values.yaml", "hosts",
    "apply.sh",           "plan.json"};

absl::Status failure(int error, std::string_view what, const fs::path& path) {
  return absl::ErrnoToStatus(error, fmt::format("cannot {} '{}'", what, printable(path.string())));
}

absl::Status failure(std::error_code error, std::string_view what, const fs::path& path) {
  return failure(error.value(), what, path);
}

/// The folder that is meant, through symbolic links, so that it is what gets replaced.
absl::StatusOr<fs::path> meant_folder(const std::string& folder) {
  std::error_code error;
  fs::path path = fs::weakly_canonical(folder, error);
  if (error) return failure(error, "write", folder);
  if (!path.has_filename()) path = path.parent_path();
  if (folder.empty() || !path.has_filename()) {
    return invalid_argument("bad folder '{}' for the bundle", excerpt(folder));
  }
  return path;
}

absl::Status check_existing(const fs::path& folder, existing_bundle existing) {
  std::error_code error;
  const fs::file_status status = fs::status(folder, error);
  if (status.type() == fs::file_type::not_found) return absl::OkStatus();
  if (error) return failure(error, "look at", folder);
  if (!fs::is_directory(status)) {
    return absl::FailedPreconditionError(
        fmt::format("'{}' is there and is no folder", printable(folder.string())));
  }
  std::string stray;
  bool is_empty = true;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    is_empty = false;
    const bool is_known = name == undo_folder || (std::find(known_names.begin(), known_names.end(),
                                                            name) != known_names.end() &&
                                                  !entry->is_directory());
    if (!is_known && (stray.empty() || name < stray)) stray = name;
  }
  if (error) return failure(error, "read", folder);
  if (is_empty) return absl::OkStatus();
  if (existing == existing_bundle::refuse) {
    return absl::AlreadyExistsError(
        fmt::format("'{}' is there already: --force replaces it", printable(folder.string())));
  }
  if (!stray.empty()) {
    return absl::FailedPreconditionError(
        fmt::format("'{}' has '{}' in it, which is no part of a bundle: it is not replaced",
                    printable(folder.string()), printable(stray)));
  }
  return absl::OkStatus();
}

absl::Status write_one(const fs::path& folder, const bundle_file& file) {
  const fs::path path = folder / file.name;
  const mode_t mode = (file.is_private ? 0600 : 0666) | (file.is_executable ? 0111 : 0);
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (fd < 0) return failure(errno, "write", path);
  int error = 0;
  for (std::string_view text = file.text; !text.empty() && error == 0;) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written >= 0) text.remove_prefix(static_cast<std::size_t>(written));
    if (written < 0 && errno != EINTR) error = errno;
  }
  if (error == 0 && ::fsync(fd) != 0) error = errno;
  if (::close(fd) != 0 && error == 0) error = errno;
  return error == 0 ? absl::OkStatus() : failure(error, "write", path);
}

/// A new folder beside `folder`, with the files in it. Left behind is nothing when that fails.
absl::StatusOr<fs::path> write_beside(const fs::path& folder, std::span<const bundle_file> files) {
  std::string path = folder.string() + ".XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) return failure(errno, "write", folder);
  absl::Status status;
  for (const bundle_file& file : files) {
    if (status.ok()) status = write_one(path, file);
  }
  // mkdtemp() makes private folders; this one is to be like any other that the user makes.
  const mode_t mask = ::umask(0);
  ::umask(mask);
  if (status.ok() && ::chmod(path.c_str(), 0777 & ~mask) != 0) {
    status = failure(errno, "write", path);
  }
  if (status.ok()) return fs::path(path);
  std::error_code ignored;
  fs::remove_all(path, ignored);
  return status;
}

/// The new folder takes the old one's place, and its `undo`. A crash in between leaves both whole.
absl::Status exchange(const fs::path& fresh, const fs::path& folder) {
  if (::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, folder.c_str(), RENAME_EXCHANGE) != 0) {
    return failure(errno, "replace", folder);
  }
  std::error_code error;
  const fs::path undo = fresh / undo_folder;  // the old one's
  if (fs::exists(undo, error)) fs::rename(undo, folder / undo_folder, error);
  if (error) return failure(error, "keep", undo);
  fs::remove_all(fresh, error);
  return error ? failure(error, "remove", fresh) : absl::OkStatus();
}

}  // namespace

absl::Status write_bundle(const std::string& folder, std::span<const bundle_file> files,
                          existing_bundle existing) {
  absl::StatusOr<fs::path> path = meant_folder(folder);
  if (!path.ok()) return path.status();
  if (absl::Status status = check_existing(*path, existing); !status.ok()) return status;
  absl::StatusOr<fs::path> fresh = write_beside(*path, files);
  if (!fresh.ok()) return fresh.status();
  // rename(2) takes an empty folder's place too, but not a full one's.
  if (::renameat2(AT_FDCWD, fresh->c_str(), AT_FDCWD, path->c_str(), RENAME_NOREPLACE) == 0 ||
      ::rename(fresh->c_str(), path->c_str()) == 0) {
    return absl::OkStatus();
  }
  absl::Status status = errno == ENOTEMPTY || errno == EEXIST ? exchange(*fresh, *path)
                                                              : failure(errno, "write", *path);
  std::error_code ignored;
  if (!status.ok() && !fs::exists(*fresh / undo_folder, ignored)) fs::remove_all(*fresh, ignored);
  return status;
}

}  // namespace netscan
