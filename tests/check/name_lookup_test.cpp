// Names: a real DNS server (dnsmasq), and one that says nothing, at whatever address this system's
// resolver asks. Everything is local: all addresses lead back into the test's own namespace.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "check_support.hpp"
#include "firewall.hpp"
#include "network_namespace.hpp"

namespace netscan {
namespace {

using namespace std::chrono_literals;
using testing::firewall;
using testing::request_for;
using testing::run_check;
using testing::verdict_of;

/// Every address is this host's.
void make_all_addresses_local() {
  static const bool done = [] {
    testing::run({"ip", "route", "add", "local", "default", "dev", "lo"});
    return true;
  }();
  (void)done;
}

/// dnsmasq with these names, while it lives.
class dns_server {
 public:
  dns_server() {
    make_all_addresses_local();
    child_ = ::fork();
    if (child_ == 0) {
      ::dup2(::open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);  // it is talkative
      ::execlp("dnsmasq", "dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--no-resolv",
               "--no-hosts", "--pid-file=", "--host-record=both.test,127.0.0.2,::1",
               "--host-record=sink.test,0.0.0.0", "--address=/missing.test/", nullptr);
      ::_exit(127);
    }
    while (is_running() && testing::run({"ss", "-Hlun", "sport", "=", ":53"}).empty()) {
      std::this_thread::sleep_for(10ms);
    }
  }
  dns_server(const dns_server&) = delete;
  dns_server& operator=(const dns_server&) = delete;
  ~dns_server() {
    if (!is_running()) return;
    ::kill(child_, SIGTERM);
    ::waitpid(child_, nullptr, 0);
  }

  bool is_running() {
    if (child_ > 0 && ::waitpid(child_, nullptr, WNOHANG) == child_) child_ = -1;
    return child_ > 0;
  }

 private:
  pid_t child_ = -1;
};

TEST(name_lookup, tells_all_addresses_and_what_is_not_there) {
  dns_server server;
  ASSERT_TRUE(server.is_running()) << "dnsmasq did not start (Debian package dnsmasq-base)";

  const check_record both = run_check(request_for("both.test:9"));
  EXPECT_EQ(both.last().dns->source, name_source::resolver);
  EXPECT_EQ(both.last().dns->addresses.size(), 2U) << both.summary;
  EXPECT_EQ(verdict_of(both), "tcp conn-refused");
  EXPECT_EQ(both.last().tcp->attempts.size(), 2U);

  const check_record missing = run_check(request_for("missing.test:9"));
  EXPECT_EQ(verdict_of(missing), "dns name-not-found") << missing.summary;
  EXPECT_EQ(missing.outcome, check_outcome::failed);
  EXPECT_FALSE(missing.last().tcp.has_value());

  // It is this server's for nobody: it refuses, and that is no answer.
  const check_record refused = run_check(request_for("elsewhere.example:9"));
  EXPECT_EQ(verdict_of(refused), "dns resolver-failed") << refused.summary;
  EXPECT_EQ(refused.outcome, check_outcome::error);

  // Linux takes 0.0.0.0 for itself: that would be an answer of somebody else's.
  const check_record sink = run_check(request_for("sink.test:9"));
  EXPECT_EQ(verdict_of(sink), "dns no-usable-address") << sink.summary;
}

TEST(name_lookup, without_an_answer_ends_at_the_timeout) {
  make_all_addresses_local();
  const firewall silence("udp dport 53 drop; tcp dport 53 drop");
  check_request request = request_for("https://silent.test");
  request.timeout = 200ms;
  const std::vector<check_request> requests(20, request);
  for (const check_record& record : check(requests)) {
    EXPECT_EQ(verdict_of(record), "dns timeout") << record.summary;
    EXPECT_EQ(record.outcome, check_outcome::error);
    // The resolver itself takes at least 5 s.
    EXPECT_LT(record.duration_us, 4'000'000U);
  }
}

TEST(name_lookup, that_hangs_holds_up_no_other) {
  make_all_addresses_local();
  const firewall silence("udp dport 53 drop; tcp dport 53 drop");
  check_request slow = request_for("silent.test:9");
  slow.timeout = 3s;
  const check_request quick = request_for("localhost:9");
  const check_request requests[] = {slow, slow, slow, quick};
  std::size_t first = 99;
  check(requests, {}, [&](std::size_t index, const check_record&) {
    if (first == 99) first = index;
  });
  EXPECT_EQ(first, 3U);
}

}  // namespace
}  // namespace netscan
