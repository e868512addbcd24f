#include "record_sorter.hpp"

#include <optional>
#include <vector>

namespace netscan::detail {
namespace {

using boost::system::error_code;

constexpr std::size_t records_a_batch = 1024;

int rank(const probe_record& record) noexcept {
  if (record.state() == probe_state::error) return 2;
  return record.reason == probe_reason::no_response ? 1 : 0;
}

/// Hands out sorted records, of each probe the first.
class record_batch {
 public:
  explicit record_batch(const record_sorter::sink& sink) : sink_(sink) {
    records_.reserve(records_a_batch);
  }

  error_code add(const probe_record& record) {
    if (last_ && record_order::is_same(*last_, record)) return {};
    last_ = record;
    records_.push_back(record);
    return records_.size() == records_a_batch ? flush() : error_code();
  }

  error_code flush() {
    const error_code error = records_.empty() ? error_code() : sink_(records_);
    records_.clear();
    return error;
  }

 private:
  const record_sorter::sink& sink_;
  std::optional<probe_record> last_;
  std::vector<probe_record> records_;
};

}  // namespace

bool is_better(const probe_record& a, const probe_record& b) {
  const int rank_a = rank(a);
  const int rank_b = rank(b);
  if (rank_a != rank_b) return rank_a < rank_b;
  if (a.time != b.time) return a.time > b.time;
  if (a == b) return false;
  std::string bytes_a;
  std::string bytes_b;
  append_packed(bytes_a, a);
  append_packed(bytes_b, b);
  return bytes_a < bytes_b;
}

bool record_order::goes_before(const probe_record& a, const probe_record& b) {
  if (a.ip != b.ip) return a.ip < b.ip;
  if (a.port != b.port) return a.port < b.port;
  return is_better(a, b);
}

bool record_order::is_same(const probe_record& a, const probe_record& b) noexcept {
  return a.port == b.port && a.ip == b.ip;
}

error_code record_sorter::hand_out(const sink& sink) {
  record_batch out(sink);
  if (const error_code error =
          sorter_.hand_out([&](const probe_record& record) { return out.add(record); })) {
    return error;
  }
  return out.flush();
}

}  // namespace netscan::detail
