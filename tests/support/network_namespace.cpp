#include "network_namespace.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <net/if.h>
#include <sched.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <iterator>
#include <stdexcept>
#include <system_error>

#include "file_descriptor.hpp"

extern char** environ;

namespace netscan::testing {
namespace {

bool entered = false;

[[noreturn]] void fail(int error, const std::string& what) {
  throw std::system_error(error, std::generic_category(), what);
}

void write_file(const std::string& path, std::string_view text) {
  const file_descriptor file{::open(path.c_str(), O_WRONLY | O_CLOEXEC)};
  if (!file) fail(errno, fmt::format("open {}", path));
  // One write: the maps and most sysctls take their value whole or not at all.
  if (::write(file.get(), text.data(), text.size()) < 0)
    fail(errno, fmt::format("write '{}' to {}", text, path));
}

// For take_precedence(): inside, root may not grant it to itself.
void allow_precedence() {
  const rlimit any{40, 40};  // getrlimit(2): 20 less the nice value
  ::setrlimit(RLIMIT_NICE, &any);
}

bool has_one_thread() {
  const std::filesystem::directory_iterator tasks{"/proc/self/task"};
  return std::distance(begin(tasks), end(tasks)) == 1;
}

void become_root_of_a_user_namespace() {
  const auto uid = ::geteuid();
  const auto gid = ::getegid();
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
    fail(errno,
         "unshare(CLONE_NEWUSER|CLONE_NEWNET); see sysctl user.max_user_namespaces, "
         "kernel.unprivileged_userns_clone and kernel.apparmor_restrict_unprivileged_userns");
  // user_namespaces(7): without "deny" the kernel takes no gid_map from a process that has no
  // CAP_SETGID outside.
  write_file("/proc/self/setgroups", "deny");
  write_file("/proc/self/uid_map", fmt::format("0 {} 1", uid));
  write_file("/proc/self/gid_map", fmt::format("0 {} 1", gid));
}

void bring_up_loopback() {
  const file_descriptor socket{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  if (!socket) fail(errno, "socket");
  ifreq request{};
  std::ranges::copy(std::string_view{"lo"}, request.ifr_name);
  request.ifr_flags = IFF_UP;
  if (::ioctl(socket.get(), SIOCSIFFLAGS, &request) != 0) fail(errno, "bring lo up");
}

std::string read_from_start(int fd) {
  std::string text;
  char buffer[4096];
  for (off_t at = 0;;) {
    const auto n = ::pread(fd, buffer, sizeof buffer, at);
    if (n <= 0) return text;
    text.append(buffer, static_cast<std::size_t>(n));
    at += n;
  }
}

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status)) return fmt::format("killed by signal {}", WTERMSIG(status));
  return fmt::format("exit code {}", WEXITSTATUS(status));
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) fail(errno, "waitpid");
  return status;
}

}  // namespace

void enter_network_namespace() {
  if (!entered) allow_precedence();
  if (!entered && has_one_thread()) {
    become_root_of_a_user_namespace();
  } else if (::unshare(CLONE_NEWNET) != 0) {
    // Not a user namespace again: they nest only 32 deep, and a test program may ask for many
    // networks. Nor one for a process with threads, which the kernel refuses (the thread sanitizer
    // has one of its own); root does without, and threads that are started later come along.
    fail(errno, "unshare(CLONE_NEWNET)");
  }
  entered = true;
  bring_up_loopback();
}

void take_precedence() noexcept {
  ::setpriority(PRIO_PROCESS, 0, -20);
}

bool in_network_namespace() noexcept {
  return entered;
}

std::optional<std::string> why_no_namespace() {
  return failure_in_child([] { enter_network_namespace(); });
}

bool namespaces_available() {
  return !why_no_namespace();
}

std::optional<std::string> failure_in_child(const std::function<void()>& action) {
  // A memory file, not a pipe: the text may be of any length, and nobody has to read while the
  // child writes.
  const file_descriptor text{::memfd_create("failure", MFD_CLOEXEC)};
  if (!text) fail(errno, "memfd_create");
  const pid_t child = ::fork();
  if (child < 0) fail(errno, "fork");
  if (child == 0) {
    try {
      action();
      ::_exit(0);
    } catch (const std::exception& error) {
      const std::string_view what = error.what();
      if (::write(text.get(), what.data(), what.size()) < 0) ::_exit(2);
    }
    ::_exit(1);  // never exit(): the child must not flush the parent's streams or run its handlers
  }
  const int status = wait_for(child);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return std::nullopt;
  auto why = read_from_start(text.get());
  return why.empty() ? how_it_ended(status) : why;
}

void set_sysctl(std::string_view path, std::string_view value) {
  if (!entered) throw std::logic_error("set_sysctl before enter_network_namespace()");
  std::string name{path};
  // As in sysctl(8): dots separate, unless there are slashes (an interface's name may have a dot).
  if (name.find('/') == std::string::npos) std::ranges::replace(name, '.', '/');
  // The kernel would let a real root write the host's fs/ and kernel/ from a user namespace, so the
  // check is here.
  if (!name.starts_with("net/") || name.find("..") != std::string::npos)
    fail(EPERM, fmt::format("sysctl {} is not per-namespace: it belongs to the host", path));
  try {
    write_file("/proc/sys/" + name, value);
  } catch (const std::system_error& error) {
    switch (error.code().value()) {
      case ENOENT:
        fail(ENOENT,
             fmt::format(
                 "sysctl {}: misspelt, or not per-namespace (the kernel shows it to the host only)",
                 path));
      case EACCES:
      case EPERM:
        fail(EPERM, fmt::format("sysctl {} is not per-namespace: it can only be read here", path));
      default:
        throw;
    }
  }
}

std::string run(const std::vector<std::string>& argv) {
  if (!entered) throw std::logic_error("run before enter_network_namespace()");
  if (argv.empty()) throw std::logic_error("run: no program given");
  const file_descriptor out{::memfd_create("stdout", MFD_CLOEXEC)};
  const file_descriptor err{::memfd_create("stderr", MFD_CLOEXEC)};
  if (!out || !err) fail(errno, "memfd_create");

  std::vector<char*> arguments;
  for (const auto& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, out.get(), 1);
  ::posix_spawn_file_actions_adddup2(&actions, err.get(), 2);
  pid_t child = -1;
  const int error =
      ::posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) fail(error, fmt::format("run {}", argv[0]));

  const int status = wait_for(child);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw std::runtime_error(fmt::format("{}: {}: {}", fmt::join(argv, " "), how_it_ended(status),
                                         read_from_start(err.get())));
  return read_from_start(out.get());
}

}  // namespace netscan::testing
