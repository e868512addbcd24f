#pragma once

#include <cstddef>
#include <new>

#include <boost/json/memory_resource.hpp>

namespace netscan::detail {

/// Memory from the heap, up to a limit: what a hostile line of JSON asks for beyond it ends in
/// std::bad_alloc before the host is out of memory.
class limited_resource final : public boost::json::memory_resource {
 public:
  explicit limited_resource(std::size_t limit) noexcept : left_(limit) {}

 private:
  void* do_allocate(std::size_t size, std::size_t) override {
    if (size > left_) throw std::bad_alloc();
    void* const memory =
        ::operator new(size);  // Boost.JSON asks for no alignment beyond this one's
    left_ -= size;
    return memory;
  }
  void do_deallocate(void* memory, std::size_t size, std::size_t) override {
    ::operator delete(memory);
    left_ += size;
  }
  bool do_is_equal(const boost::json::memory_resource& other) const noexcept override {
    return this == &other;
  }

  std::size_t left_;
};

}  // namespace netscan::detail
