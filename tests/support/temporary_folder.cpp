#include "temporary_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <system_error>

namespace netscan::testing {

temporary_folder::temporary_folder() {
  std::string name = std::filesystem::temp_directory_path() / "netscan-test-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) throw std::system_error(errno, std::system_category());
  path_ = name;
}

temporary_folder::~temporary_folder() {
  std::filesystem::remove_all(path_);
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_file(const std::string& path, const std::string& bytes) {
  std::filesystem::remove(path);  // ext4 waits for the disk when a file is written over
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!file.flush()) throw std::system_error(errno, std::system_category(), path);
}

}  // namespace netscan::testing
