/// The writers of the formats; make_writer() chooses among them.
#pragma once

#include <memory>

#include "netscan/report/writer.hpp"

namespace netscan::detail {

std::unique_ptr<result_writer> make_ndjson_writer(int fd);
std::unique_ptr<result_writer> make_csv_writer(int fd);
std::unique_ptr<result_writer> make_json_writer(int fd);
std::unique_ptr<result_writer> make_xml_writer(int fd);
std::unique_ptr<result_writer> make_text_writer(int fd, const writer_options& options);

}  // namespace netscan::detail
