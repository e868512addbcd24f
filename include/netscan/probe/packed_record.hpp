/// Records in few bytes, for what is read back by this program: the journal, and merges that are
/// larger than memory. Others read NDJSON.
///
///     std::string bytes;
///     netscan::append_packed(bytes, record);
///     std::string_view rest = bytes;
///     netscan::take_packed(rest);  // the record again
///
/// A record of IPv4 takes 19 to 30 bytes. The form is fixed (little-endian, reasons by number): who
/// changes it, or the order of probe_reason, changes the version of what holds it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "netscan/probe/record.hpp"

namespace netscan {

/// Appends a record. Allocates only where the text has to grow.
void append_packed(std::string& bytes, const probe_record& record);

/// Takes a record off the front of `bytes`. Nothing, and `bytes` is as it was, when what stands
/// there is not a whole record: cut off, no known reason, or of a link that this host does not have
/// (a zone goes by its interface's name).
std::optional<probe_record> take_packed(std::string_view& bytes);

}  // namespace netscan
