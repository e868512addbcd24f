/// Traces as records.
///
/// A trace is one record of the NDJSON format, on its own; files may hold traces beside scans and
/// checks, and read_results() reads them all:
///
///     {"type":"trace","vantage":"pc","target":"10.0.0.216:443","ip":"10.0.0.216","port":443,
///      "source":{"address":"192.168.77.10","prefix":24,"interface":"eth0"},
///      "end":{"ip":"10.0.0.216","port":443,"state":"filtered","reason":"no-response", ... as in a
///      probe},"stop":"gaps","last_alive":{"ttl":1,"routers":["192.168.77.1"]},
///      "hops":[{"ttl":1,"queries":3,"answers":[{"reason":"time-exceeded",
///        "icmp":{"type":11,"code":0,"from":"192.168.77.1"},"rtts_us":[312,298,290]}]},
///        {"ttl":2,"queries":3,"answers":[]}],
///      "options":{"max_hops":30,"gaps":5,"timeout_ms":4000},"summary":"...",
///      "time":"2026-01-05T10:00:00.123Z","duration_us":4000871}
///
/// Members are those of trace_record, by their names. `last_alive` and `summary` follow from the
/// others; they are for who reads the file without this library.
#pragma once

#include <string>

#include "netscan/check/trace_record.hpp"

namespace netscan {

/// The record as one line of JSON, without its end.
std::string trace_json(const trace_record& trace);

}  // namespace netscan
