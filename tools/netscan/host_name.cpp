#include "host_name.hpp"

#include <unistd.h>

namespace netscan::cli {

std::string host_name() {
  char name[256] = "";
  ::gethostname(name, sizeof name - 1);
  return name[0] == '\0' ? "localhost" : name;
}

}  // namespace netscan::cli
