#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "netscan/remedy/remedy.hpp"
#include "netscan/target/status.hpp"

namespace netscan {
namespace {

namespace fs = std::filesystem;

const std::vector<bundle_file> files = {
    {.name = "metallb.yaml", .text = "pool\n"},
    {.name = "gitlab-values.yaml", .text = "secret\n", .is_private = true},
    {.name = "apply.sh", .text = "#!/bin/bash\n", .is_executable = true},
    {.name = "plan.json", .text = std::string(100'000, 'x')}};

std::string content(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

unsigned mode_of(const fs::path& path) {
  struct stat info {};
  EXPECT_EQ(::stat(path.c_str(), &info), 0) << path;
  return info.st_mode & 07777;
}

/// A folder of its own for each test, and the working directory.
class write_bundle_to : public ::testing::Test {
 protected:
  write_bundle_to() : before_(fs::current_path()) {
    std::string name = (fs::temp_directory_path() / "netscan-bundle.XXXXXX").string();
    top_ = ::mkdtemp(name.data());
    fs::current_path(top_);
    ::umask(022);
  }
  ~write_bundle_to() override {
    fs::current_path(before_);
    fs::remove_all(top_);
  }

  std::size_t entries() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(top_), fs::directory_iterator()));
  }

  fs::path before_;
  fs::path top_;
};

TEST_F(write_bundle_to, a_new_folder_has_all_files_and_their_modes) {
  ASSERT_TRUE(write_bundle("fix", files, existing_bundle::refuse).ok());
  for (const bundle_file& file : files) EXPECT_EQ(content(fs::path("fix") / file.name), file.text);
  EXPECT_EQ(mode_of("fix"), 0755u);
  EXPECT_EQ(mode_of("fix/metallb.yaml"), 0644u);
  EXPECT_EQ(mode_of("fix/gitlab-values.yaml"), 0600u);
  EXPECT_EQ(mode_of("fix/apply.sh"), 0755u);
  EXPECT_EQ(entries(), 1u);
}

TEST_F(write_bundle_to, an_empty_folder_is_taken) {
  fs::create_directory("fix");
  EXPECT_TRUE(write_bundle("fix/", files, existing_bundle::refuse).ok());
  EXPECT_EQ(content("fix/metallb.yaml"), "pool\n");
  EXPECT_EQ(entries(), 1u);
}

TEST_F(write_bundle_to, a_bundle_that_is_there_stays_unless_it_is_to_be_replaced) {
  ASSERT_TRUE(write_bundle("fix", files, existing_bundle::refuse).ok());
  const std::vector<bundle_file> other = {{.name = "hosts", .text = "new\n"}};
  const absl::Status refused = write_bundle("fix", other, existing_bundle::refuse);
  EXPECT_EQ(refused.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_NE(message_of(refused).find("--force"), std::string_view::npos);
  EXPECT_EQ(content("fix/metallb.yaml"), "pool\n");

  ASSERT_TRUE(write_bundle("fix", other, existing_bundle::replace).ok());
  EXPECT_EQ(content("fix/hosts"), "new\n");
  EXPECT_FALSE(fs::exists("fix/metallb.yaml"));
  EXPECT_EQ(entries(), 1u);
}

TEST_F(write_bundle_to, the_records_for_an_undo_are_kept) {
  ASSERT_TRUE(write_bundle("fix", files, existing_bundle::refuse).ok());
  fs::create_directory("fix/undo");
  std::ofstream("fix/undo/address") << "10.0.0.216";
  ASSERT_TRUE(write_bundle("fix", files, existing_bundle::replace).ok());
  EXPECT_EQ(content("fix/undo/address"), "10.0.0.216");
  EXPECT_EQ(entries(), 1u);
}

TEST_F(write_bundle_to, a_folder_with_anything_else_in_it_is_never_replaced) {
  fs::create_directory("home");
  std::ofstream("home/thesis.tex") << "years";
  std::ofstream("home/hosts") << "mine";
  const absl::Status status = write_bundle("home", files, existing_bundle::replace);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(message_of(status).find("'thesis.tex'"), std::string_view::npos);
  EXPECT_EQ(content("home/hosts"), "mine");

  fs::create_directories("odd/hosts/deep");
  EXPECT_FALSE(write_bundle("odd", files, existing_bundle::replace).ok());
  std::ofstream("file") << "x";
  EXPECT_FALSE(write_bundle("file", files, existing_bundle::replace).ok());
  EXPECT_EQ(content("file"), "x");
  EXPECT_EQ(entries(), 3u);
}

TEST_F(write_bundle_to, a_link_leads_to_what_is_replaced) {
  ASSERT_TRUE(write_bundle("fix", files, existing_bundle::refuse).ok());
  fs::create_directory_symlink("fix", "current");
  ASSERT_TRUE(write_bundle("current", std::vector<bundle_file>{{.name = "hosts", .text = "new\n"}},
                           existing_bundle::replace)
                  .ok());
  EXPECT_TRUE(fs::is_symlink("current"));
  EXPECT_EQ(content("fix/hosts"), "new\n");
}

TEST_F(write_bundle_to, a_failure_leaves_nothing_behind) {
  ASSERT_TRUE(write_bundle("fix", files, existing_bundle::refuse).ok());
  const std::vector<bundle_file> broken = {{.name = "hosts", .text = "x"},
                                           {.name = "no/such/folder", .text = "x"}};
  EXPECT_FALSE(write_bundle("fix", broken, existing_bundle::replace).ok());
  EXPECT_EQ(content("fix/metallb.yaml"), "pool\n");
  EXPECT_FALSE(write_bundle("no/such/parent", files, existing_bundle::refuse).ok());
  EXPECT_FALSE(write_bundle("", files, existing_bundle::refuse).ok());
  EXPECT_FALSE(write_bundle("/", files, existing_bundle::replace).ok());
  EXPECT_EQ(entries(), 1u);
}

}  // namespace
}  // namespace netscan
