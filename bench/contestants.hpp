/// Who does the jobs. All take each probe's answer as soon as it is there, keep `in_flight` probes
/// going, and leave no connection behind.
#pragma once

#include "job.hpp"

namespace netscan::bench {

/// The floor: one blocking socket, connect() in a loop. Only what the kernel does for a connect,
/// and one at a time, so it is of no use where anything takes time.
answers ask_floor(const job& job);

/// The baseline: epoll, and a new socket for each probe. What connect scanners do, without their
/// overhead: socket, fcntl by flag, epoll_ctl, connect, epoll_wait, getsockopt, close.
answers ask_raw_epoll(const job& job);

/// As a program on Boost.Asio is usually written: a socket, a timer and async_connect() a probe.
answers ask_idiomatic_asio(const job& job);

/// This library, with all it does besides: permuted order, records, accounting.
answers ask_netscan(const job& job);
answers ask_netscan(const job& job, unsigned threads);

}  // namespace netscan::bench
