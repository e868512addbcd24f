// What holds for every format: where it writes, and what it does when it cannot.
#include "netscan/report/writer.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <thread>

#include "allocation_count.hpp"
#include "sample_scans.hpp"

namespace netscan {
namespace {

using namespace std::chrono_literals;
using testing::lines_of;
using testing::sample_scan;
using testing::written;

constexpr report_format all_formats[] = {report_format::text, report_format::ndjson,
                                         report_format::csv, report_format::json,
                                         report_format::xml};

std::string name_of(const ::testing::TestParamInfo<report_format>& info) {
  return std::string(to_string(info.param));
}

TEST(show, has_the_names_of_the_command_line) {
  EXPECT_EQ(parse_show("open"), show::open);
  EXPECT_EQ(parse_show("responded"), show::responded);
  EXPECT_EQ(parse_show("all"), show::all);
  EXPECT_EQ(parse_show("closed"), std::nullopt);
}

// --- a record is one write ---

/// Every datagram that a writer sent: one for each write(2).
std::vector<std::string> writes_of(report_format format, const scan_results& scan) {
  int ends[2];
  EXPECT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
  std::vector<std::string> writes;
  std::jthread reader([&] {
    char datagram[65536];
    for (;;) {
      const ssize_t size = ::recv(ends[0], datagram, sizeof datagram, 0);
      if (size <= 0) return;
      writes.emplace_back(datagram, static_cast<std::size_t>(size));
    }
  });
  const std::unique_ptr<result_writer> writer = make_writer(format, ends[1], {});
  EXPECT_FALSE(writer->begin(scan.header));
  EXPECT_FALSE(writer->add(scan.probes));
  EXPECT_FALSE(writer->end(*scan.summary));
  ::close(ends[1]);
  reader.join();
  ::close(ends[0]);
  return writes;
}

TEST(ndjson_writer, writes_what_a_pipe_gets_line_by_line) {
  const scan_results scan = testing::random_scan(1, 500);
  const std::vector<std::string> writes = writes_of(report_format::ndjson, scan);
  EXPECT_EQ(writes, lines_of(written(report_format::ndjson, scan)));
  EXPECT_EQ(writes.size(), 502U);
}

TEST(csv_writer, a_line_is_one_write) {
  const std::vector<std::string> writes = writes_of(report_format::csv, sample_scan());
  EXPECT_EQ(writes, lines_of(written(report_format::csv, sample_scan())));
  EXPECT_EQ(writes.size(), 6U);
}

TEST(text_writer, writes_nothing_before_the_end) {
  EXPECT_EQ(writes_of(report_format::text, sample_scan()).size(), 1U);
}

// --- no memory for each record ---

/// How often memory was asked for while 10,000 records were added to a writer that has seen them
/// all before.
std::uint64_t allocations(report_format format, const std::vector<probe_record>& records) {
  const int fd = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  const std::unique_ptr<result_writer> writer = make_writer(format, fd, {});
  EXPECT_FALSE(writer->begin(sample_scan().header));
  EXPECT_FALSE(writer->add(records));
  const std::uint64_t before = testing::allocation_count();
  for (int i = 0; i < 2000; ++i) (void)writer->add(records);
  const std::uint64_t after = testing::allocation_count();
  ::close(fd);
  return after - before;
}

TEST(ndjson_writer, allocates_nothing_for_a_record) {
  EXPECT_EQ(allocations(report_format::ndjson, sample_scan().probes), 0U);
}

TEST(csv_writer, allocates_nothing_for_a_record) {
  EXPECT_EQ(allocations(report_format::csv, sample_scan().probes), 0U);
}

TEST(json_writer, allocates_nothing_for_a_record) {
  EXPECT_EQ(allocations(report_format::json, sample_scan().probes), 0U);
}

TEST(text_writer, keeps_nothing_of_what_it_does_not_show) {
  std::vector<probe_record> records = sample_scan().probes;
  std::erase_if(records, [](const probe_record& r) { return r.state() == probe_state::open; });
  EXPECT_EQ(allocations(report_format::text, records), 0U);
}

// --- a descriptor that does not take all at once ---

TEST(ndjson_writer, waits_for_a_pipe_that_does_not_block) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
  ASSERT_EQ(::fcntl(ends[0], F_SETFL, 0), 0);
  scan_results scan = testing::random_scan(2, 2000);
  scan.header.targets.assign(20'000, "10.0.0.0/24");  // no pipe takes this line at once
  std::string got;
  std::jthread slow_reader([&] {
    char piece[10'007];
    for (ssize_t size = 0; (size = ::read(ends[0], piece, sizeof piece)) > 0;) {
      got.append(piece, static_cast<std::size_t>(size));
      std::this_thread::sleep_for(50us);
    }
  });
  const std::unique_ptr<result_writer> writer = make_writer(report_format::ndjson, ends[1], {});
  EXPECT_FALSE(writer->begin(scan.header));
  EXPECT_FALSE(writer->add(scan.probes));
  EXPECT_FALSE(writer->end(*scan.summary));
  ::close(ends[1]);
  slow_reader.join();
  ::close(ends[0]);
  EXPECT_TRUE(got == written(report_format::ndjson, scan));
}

std::atomic<int> signals_taken = 0;

TEST(ndjson_writer, goes_on_after_a_signal) {
  struct sigaction action {};
  action.sa_handler = [](int) { ++signals_taken; };  // without SA_RESTART: write(2) returns EINTR
  struct sigaction before {};
  ASSERT_EQ(::sigaction(SIGALRM, &action, &before), 0);
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const scan_results scan = testing::random_scan(3, 2000);
  std::string got;
  std::jthread slow_reader([&] {
    sigset_t alarm;
    sigemptyset(&alarm);
    sigaddset(&alarm, SIGALRM);
    pthread_sigmask(SIG_BLOCK, &alarm, nullptr);
    char piece[4099];
    for (ssize_t size = 0; (size = ::read(ends[0], piece, sizeof piece)) > 0;) {
      got.append(piece, static_cast<std::size_t>(size));
      std::this_thread::sleep_for(1ms);
    }
  });
  const itimerval every_200us = {{0, 200}, {0, 200}};
  ::setitimer(ITIMER_REAL, &every_200us, nullptr);
  const std::unique_ptr<result_writer> writer = make_writer(report_format::ndjson, ends[1], {});
  EXPECT_FALSE(writer->begin(scan.header));
  EXPECT_FALSE(writer->add(scan.probes));
  EXPECT_FALSE(writer->end(*scan.summary));
  const itimerval never = {};
  ::setitimer(ITIMER_REAL, &never, nullptr);
  ::close(ends[1]);
  slow_reader.join();
  ::close(ends[0]);
  ::sigaction(SIGALRM, &before, nullptr);
  EXPECT_GT(signals_taken, 0);
  EXPECT_TRUE(got == written(report_format::ndjson, scan));
}

// --- errors ---

class any_writer : public ::testing::TestWithParam<report_format> {
 protected:
  void SetUp() override { std::signal(SIGPIPE, SIG_IGN); }

  /// The error of writing a scan there.
  static boost::system::error_code error_of_writing_to(int fd) {
    const std::unique_ptr<result_writer> writer = make_writer(GetParam(), fd, {});
    const scan_results scan = sample_scan();
    (void)writer->begin(scan.header);
    (void)writer->add(scan.probes);
    return writer->end(*scan.summary);
  }
};

TEST_P(any_writer, reports_a_full_disk) {
  const int fd = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  EXPECT_EQ(error_of_writing_to(fd).value(), ENOSPC);
  ::close(fd);
}

TEST_P(any_writer, reports_a_reader_that_has_gone) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  ::close(ends[0]);
  EXPECT_EQ(error_of_writing_to(ends[1]).value(), EPIPE);
  ::close(ends[1]);
}

TEST_P(any_writer, reports_a_descriptor_that_is_not_one) {
  EXPECT_EQ(error_of_writing_to(-1).value(), EBADF);
}

INSTANTIATE_TEST_SUITE_P(, any_writer, ::testing::ValuesIn(all_formats), name_of);

class line_writer : public ::testing::TestWithParam<report_format> {};

// A disk that is full in the middle of a line and then has room again must not leave a file with a
// broken line in it: only the last one may be cut off.
TEST_P(line_writer, writes_nothing_more_after_its_first_error) {
  std::signal(SIGXFSZ, SIG_IGN);
  const int fd = ::memfd_create("report", MFD_CLOEXEC);
  const scan_results scan = sample_scan();
  const std::unique_ptr<result_writer> writer = make_writer(GetParam(), fd, {});
  ASSERT_FALSE(writer->begin(scan.header));

  rlimit unlimited{};
  ::getrlimit(RLIMIT_FSIZE, &unlimited);
  const rlimit limited{1000, unlimited.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &limited);
  boost::system::error_code first;
  while (!first) first = writer->add(scan.probes);
  ::setrlimit(RLIMIT_FSIZE, &unlimited);

  EXPECT_EQ(first.value(), EFBIG);
  EXPECT_EQ(writer->add(scan.probes), first);
  EXPECT_EQ(writer->end(*scan.summary), first);
  struct stat status {};
  ::fstat(fd, &status);
  EXPECT_EQ(status.st_size, 1000);
  ::close(fd);
}

INSTANTIATE_TEST_SUITE_P(, line_writer,
                         ::testing::Values(report_format::ndjson, report_format::csv,
                                           report_format::json),
                         name_of);

}  // namespace
}  // namespace netscan
