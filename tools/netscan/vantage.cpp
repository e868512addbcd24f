#include "vantage.hpp"

#include <unistd.h>

namespace netscan::cli {

std::string vantage_or_host_name(const std::string& given) {
  if (!given.empty()) return given;
  char name[256] = "";
  ::gethostname(name, sizeof name - 1);
  return name[0] == '\0' ? "localhost" : name;
}

}  // namespace netscan::cli
