#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace netscan::testing {

// A network of the test's own: no packet leaves it and nothing of the host can be changed from it.
//
//   if (const auto why = why_no_namespace()) skip_loudly(*why);
//   enter_network_namespace();
//   set_sysctl("net.ipv4.ip_local_port_range", "20000 20100");
//   run({"nft", "add", "table", "inet", "t"});

// Moves the calling process into a new user and network namespace, where it is root, and brings
// `lo` up. A second call gives a fresh network namespace under the same user namespace. Works as
// any user, root included. To be called while the process has one thread; root may have more, and
// then moves only the calling thread, without a user namespace. Throws std::system_error naming the
// step that failed.
void enter_network_namespace();

// Whether this process has entered a namespace of its own by the function above.
bool in_network_namespace() noexcept;

// Lets the calling thread, which plays a network, run before all else: on a busy machine its
// answers would come late otherwise, as no real network's do. Without root nothing changes.
void take_precedence() noexcept;

// Tries enter_network_namespace() in a child process. Empty when it works, else why it does not.
std::optional<std::string> why_no_namespace();
bool namespaces_available();

// Runs `action` in a forked child, so that this process stays as it is. Empty when the action
// returned, else the text of what it threw, or how the child ended. Like any fork, to be called
// while the process has one thread.
std::optional<std::string> failure_in_child(const std::function<void()>& action);

// Writes a sysctl of this namespace, named "net.ipv4.tcp_syn_retries" or
// "net/ipv4/tcp_syn_retries". Throws std::system_error when there is none of that name here, when
// the value is refused, and when the sysctl is not per-namespace: everything outside net/
// (fs.file-max, kernel.*) and some of net/ (net.core.rmem_max, net.ipv4.neigh.default.gc_thresh3,
// net.netfilter.nf_conntrack_max) belong to the host and are left alone.
void set_sysctl(std::string_view path, std::string_view value);

// Runs a program found in PATH (`ip`, `nft`, `ss`) in this namespace and returns its standard
// output. Throws std::runtime_error with its standard error when it does not exit with 0. Refuses
// (std::logic_error) before enter_network_namespace(), so that a test cannot configure the host.
std::string run(const std::vector<std::string>& argv);

}  // namespace netscan::testing
