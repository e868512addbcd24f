#pragma once

#include <string>

namespace netscan::cli {

/// `before=pc.ndjson`: a file, and what to call the vantage of all its results.
struct named_file {
  std::string vantage;  // empty: as the file has it
  std::string path;
};

/// A file that is called like `before=pc.ndjson` as a whole is meant itself.
named_file read_file_argument(const std::string& text);

}  // namespace netscan::cli
