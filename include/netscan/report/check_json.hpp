/// Endpoint checks as records.
///
/// A check is one record of the NDJSON format, on its own; files may hold checks beside scans, and
/// read_results() reads them all:
///
///     {"type":"check","vantage":"pc","target":"https://gitlab.ailab.com/","host":"gitlab.ailab.com",
///      "port":443,"outcome":"failed","layer":"tcp","problem":"connect","reason":"no-response",
///      "summary":"...","time":"2026-01-05T10:00:00.123Z","duration_us":5000871,"steps":[{
///        "url":"https://gitlab.ailab.com/",
///        "dns":{"outcome":"ok","duration_us":3,"source":"given","addresses":["10.0.0.216"]},
///        "tcp":{"outcome":"failed","problem":"connect","duration_us":5000702,"port":443,
///               "attempts":[{"ip":"10.0.0.216","port":443,"state":"filtered", ... as in a
///               probe}]}}]}
///
/// Members are those of check_record, by their names; what is empty or not known is left out. Text
/// from the network that is not valid UTF-8 is `{"base64":"..."}`, so no byte of it is lost.
#pragma once

#include <string>

#include "netscan/check/check_record.hpp"

namespace netscan {

/// The record as one line of JSON, without its end.
std::string check_json(const check_record& record);

}  // namespace netscan
