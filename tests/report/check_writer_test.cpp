// Where checks are written, and what is done when they cannot be. What a record's text and JSON
// are is tested in check_text_test.cpp and check_json_test.cpp.
#include "netscan/report/check_writer.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "file_descriptor.hpp"
#include "netscan/report/check_json.hpp"
#include "netscan/report/reader.hpp"
#include "sample_checks.hpp"

namespace netscan {
namespace {

using testing::file_descriptor;
using testing::random_check;
using testing::sample_check;

constexpr check_format all_check_formats[] = {check_format::text, check_format::json,
                                              check_format::ndjson};

std::string name_of_check_format(const ::testing::TestParamInfo<check_format>& info) {
  constexpr const char* names[] = {"text", "json", "ndjson"};
  return names[static_cast<std::size_t>(info.param)];
}

/// As many as a socket takes without a reader.
std::vector<check_record> some_checks() {
  std::vector<check_record> records = {sample_check()};
  for (std::uint64_t seed = 0; seed < 12; ++seed) records.push_back(random_check(seed));
  return records;
}

/// Every datagram that a writer sent: one for each write(2).
std::vector<std::string> check_writes(check_format format, const std::vector<check_record>& records,
                                      const check_text_options& options = {}) {
  int ends[2] = {-1, -1};
  EXPECT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
  const file_descriptor reader(ends[0]);
  file_descriptor socket(ends[1]);
  const std::unique_ptr<check_writer> writer = make_check_writer(format, socket.get(), options);
  for (const check_record& record : records) EXPECT_FALSE(writer->add(record));
  EXPECT_FALSE(writer->end());
  socket = file_descriptor();
  std::vector<std::string> writes;
  std::string datagram(65536, '\0');
  for (ssize_t size = 0; (size = ::recv(ends[0], datagram.data(), datagram.size(), 0)) > 0;) {
    writes.push_back(datagram.substr(0, static_cast<std::size_t>(size)));
  }
  return writes;
}

std::string joined(const std::vector<std::string>& writes) {
  std::string text;
  for (const std::string& write : writes) text += write;
  return text;
}

std::vector<check_record> checks_read_back(const std::string& ndjson) {
  const absl::StatusOr<results_file> file = parse_ndjson(ndjson, "pc.ndjson");
  EXPECT_TRUE(file.ok()) << file.status();
  return file.ok() ? file->checks : std::vector<check_record>();
}

// --- the formats' names ---

TEST(check_format, has_the_names_of_the_command_line) {
  EXPECT_EQ(parse_check_format("text"), check_format::text);
  EXPECT_EQ(parse_check_format("json"), check_format::json);
  EXPECT_EQ(parse_check_format("ndjson"), check_format::ndjson);
  for (const std::string_view word :
       {"", "csv", "JSON", "json ", " json", "tex", "texts", ".json"}) {
    EXPECT_EQ(parse_check_format(word), std::nullopt) << word;
  }
}

TEST(check_format, is_told_by_the_end_of_a_file_name) {
  EXPECT_EQ(check_format_of("pc.txt"), check_format::text);
  EXPECT_EQ(check_format_of("pc.json"), check_format::json);
  EXPECT_EQ(check_format_of("pc.ndjson"), check_format::ndjson);
  EXPECT_EQ(check_format_of("/tmp/a.txt/pc.json.ndjson"), check_format::ndjson);
  for (const std::string_view name :
       {"", "-", "json", "pcjson", "pc.text", "pc.csv", "pc.json.gz", "pc.json/", "pc.xndjson"}) {
    EXPECT_EQ(check_format_of(name), std::nullopt) << name;
  }
}

// --- ndjson ---

TEST(check_writer, writes_each_ndjson_record_at_once_in_a_line) {
  const std::vector<check_record> records = some_checks();
  const std::vector<std::string> writes = check_writes(check_format::ndjson, records);
  ASSERT_EQ(writes.size(), records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    EXPECT_EQ(writes[i].find('\n'), writes[i].size() - 1);
    EXPECT_EQ(checks_read_back(writes[i]), std::vector{records[i]});
  }
}

TEST(check_writer, writes_ndjson_that_is_read_back) {
  const std::vector<check_record> records = some_checks();
  EXPECT_EQ(checks_read_back(joined(check_writes(check_format::ndjson, records))), records);
}

TEST(check_writer, writes_nothing_for_no_records_but_in_json) {
  EXPECT_TRUE(check_writes(check_format::ndjson, {}).empty());
  EXPECT_TRUE(check_writes(check_format::text, {}).empty());
}

// --- json ---

boost::json::array array_of(const std::string& text) {
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(text, error);
  EXPECT_FALSE(error) << error.message() << text;
  EXPECT_TRUE(value.is_array()) << text;
  return value.is_array() ? value.get_array() : boost::json::array();
}

TEST(check_writer, writes_json_as_one_array_of_any_length) {
  const std::vector<check_record> all = some_checks();
  for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{2}, all.size()}) {
    const std::vector<check_record> records(all.begin(), all.begin() + static_cast<int>(count));
    const std::string text = joined(check_writes(check_format::json, records));
    EXPECT_TRUE(text.ends_with("]\n"));
    const boost::json::array array = array_of(text);
    ASSERT_EQ(array.size(), count) << text;
    for (std::size_t i = 0; i < count; ++i) {
      EXPECT_EQ(checks_read_back(boost::json::serialize(array[i]) + "\n"), std::vector{records[i]});
    }
  }
}

TEST(check_writer, writes_a_json_record_a_line_as_it_comes) {
  const std::string record = check_json(sample_check());
  EXPECT_EQ(check_writes(check_format::json, {sample_check(), sample_check()}),
            (std::vector<std::string>{"[\n" + record, ",\n" + record, "\n]\n"}));
  EXPECT_EQ(check_writes(check_format::json, {}), std::vector<std::string>{"[]\n"});
}

// --- text ---

TEST(check_writer, writes_each_text_at_once_as_the_options_want_it) {
  const std::vector<check_record> records = some_checks();
  for (const check_text_options& options :
       {check_text_options{}, check_text_options{.layers = true, .width = 40},
        check_text_options{.layers = true, .colour = true}}) {
    std::vector<std::string> wanted;
    for (const check_record& record : records) wanted.push_back(check_text(record, options));
    EXPECT_EQ(check_writes(check_format::text, records, options), wanted);
  }
}

// --- errors ---

class any_check_writer : public ::testing::TestWithParam<check_format> {
 protected:
  void SetUp() override {
    std::signal(SIGPIPE, SIG_IGN);
    ASSERT_TRUE(disk_);
    ASSERT_TRUE(full_);
  }

  static std::unique_ptr<check_writer> writer_to(const file_descriptor& fd) {
    return make_check_writer(GetParam(), fd.get(), {});
  }

  /// From now on `fd` is another file: what would still be written to it is seen there.
  static void turn(const file_descriptor& fd, const file_descriptor& other) {
    ASSERT_EQ(::dup2(other.get(), fd.get()), fd.get());
  }

  std::string on_disk() const {
    std::string text(static_cast<std::size_t>(::lseek(disk_.get(), 0, SEEK_END)), '\0');
    EXPECT_EQ(::pread(disk_.get(), text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
    return text;
  }

  /// The writer's `fd` has an error: it stays, and nothing follows although there is room now.
  void expect_end_of_writing(const file_descriptor& fd, int error) {
    const std::unique_ptr<check_writer> writer = writer_to(fd);
    EXPECT_EQ(writer->add(sample_check()).value(), error);
    turn(fd, disk_);
    EXPECT_EQ(writer->add(sample_check()).value(), error);
    EXPECT_EQ(writer->end().value(), error);
    EXPECT_EQ(on_disk(), "");
  }

  const file_descriptor disk_{::memfd_create("checks", MFD_CLOEXEC)};
  const file_descriptor full_{::open("/dev/full", O_WRONLY | O_CLOEXEC)};
};

TEST_P(any_check_writer, ends_at_a_full_disk) {
  expect_end_of_writing(file_descriptor(::open("/dev/full", O_WRONLY | O_CLOEXEC)), ENOSPC);
}

TEST_P(any_check_writer, ends_at_a_reader_that_has_gone) {
  int ends[2] = {-1, -1};
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  ::close(ends[0]);
  expect_end_of_writing(file_descriptor(ends[1]), EPIPE);
}

TEST_P(any_check_writer, keeps_what_was_written_before_an_error) {
  const file_descriptor fd(::fcntl(disk_.get(), F_DUPFD_CLOEXEC, 0));
  const std::unique_ptr<check_writer> writer = writer_to(fd);
  ASSERT_FALSE(writer->add(sample_check()));
  const std::string before = on_disk();
  EXPECT_NE(before, "");
  turn(fd, full_);
  EXPECT_EQ(writer->add(sample_check()).value(), ENOSPC);
  turn(fd, disk_);
  EXPECT_EQ(writer->add(sample_check()).value(), ENOSPC);
  EXPECT_EQ(writer->end().value(), ENOSPC);
  EXPECT_EQ(on_disk(), before);
}

TEST_P(any_check_writer, has_no_error_at_the_end_of_a_good_file) {
  const std::unique_ptr<check_writer> writer = writer_to(disk_);
  EXPECT_FALSE(writer->add(sample_check()));
  EXPECT_FALSE(writer->end());
  EXPECT_TRUE(on_disk().ends_with('\n'));
}

TEST_P(any_check_writer, leaves_the_descriptor_open) {
  (void)writer_to(disk_)->end();
  EXPECT_NE(::fcntl(disk_.get(), F_GETFD), -1);
}

INSTANTIATE_TEST_SUITE_P(, any_check_writer, ::testing::ValuesIn(all_check_formats),
                         name_of_check_format);

TEST(check_writer, returns_the_error_of_the_end_of_an_array) {
  const file_descriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  EXPECT_EQ(make_check_writer(check_format::json, full.get(), {})->end().value(), ENOSPC);
  // The others have nothing to write there.
  EXPECT_FALSE(make_check_writer(check_format::ndjson, full.get(), {})->end());
  EXPECT_FALSE(make_check_writer(check_format::text, full.get(), {})->end());
}

}  // namespace
}  // namespace netscan
