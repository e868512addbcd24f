#include <concepts>

#include "blocks_json.hpp"
#include "netscan/diagnose/reachability_output.hpp"
#include "report/probe_json.hpp"

namespace netscan {
namespace {

using detail::line_buffer;

/// `"name":[...]`, each element as `append` writes it.
template <typename Elements, std::invocable<typename Elements::const_reference> Append>
void append_list(line_buffer& out, std::string_view name, const Elements& elements, Append append) {
  out << '"' << name << R"(":[)";
  bool is_first = true;
  for (const auto& element : elements) {
    if (!is_first) out << ',';
    is_first = false;
    append(element);
  }
  out << ']';
}

class reachability_writer {
 public:
  explicit reachability_writer(const reachability& matrix) : matrix_(matrix) {}

  std::string write() && {
    out_ << R"({"type":"reachability",)";
    append_list(out_, "vantages", matrix_.vantages,
                [&](const std::string& name) { detail::append_json_string(out_, name); });
    out_ << R"(,"endpoints":)" << matrix_.endpoints << R"(,"reached":)" << matrix_.reached
         << R"(,"cut":)" << matrix_.cut_off << R"(,"unknown":)" << matrix_.unknown << ',';
    append_list(out_, "vantage_groups", matrix_.vantage_groups,
                [&](const std::vector<std::size_t>& group) { put_names(group); });
    out_ << ',';
    append_list(out_, "target_groups", matrix_.target_groups, [&](const target_group& group) {
      out_ << R"({"count":)" << group.endpoints << ',';
      put_blocks(group.blocks);
      out_ << '}';
    });
    out_ << ',';
    append_list(out_, "rows", matrix_.cells,
                [&](const std::vector<reach_cell>& row) { put_row(row); });
    out_ << ',';
    append_list(out_, "cuts", matrix_.cuts, [&](const cut& one) { put_cut(one); });
    out_ << R"(,"blind":)";
    put_names(matrix_.blind);
    out_ << '}';
    return std::string(out_.view());
  }

 private:
  void put_names(const std::vector<std::size_t>& vantages) {
    out_ << '[';
    for (const std::size_t& vantage : vantages) {
      if (&vantage != &vantages.front()) out_ << ',';
      detail::append_json_string(out_, matrix_.vantages[vantage]);
    }
    out_ << ']';
  }

  void put_blocks(const std::vector<endpoint_block>& blocks) {
    append_list(out_, "endpoints", blocks,
                [&](const endpoint_block& block) { detail::append_block(out_, block); });
  }

  void put_row(const std::vector<reach_cell>& row) {
    out_ << '"';
    for (const reach_cell& cell : row) {
      out_ << (cell.what == reach::unknown ? '?' : cell.what == reach::cut ? '-' : '+');
    }
    out_ << '"';
  }

  void put_cut(const cut& one) {
    const auto put_address = [&](const ip_address& address) {
      detail::append_address(out_, address);
    };
    out_ << R"({"kind":")" << to_string(one.kind) << R"(","vantages":)";
    put_names(one.vantages);
    out_ << ',';
    put_blocks(one.blocks);
    out_ << R"(,"count":)" << one.endpoints << R"(,"pairs":)" << one.pairs << R"(,"unknown":)"
         << one.unknown << R"(,"inferred":)" << (one.inferred ? "true" : "false");
    if (one.is_free) out_ << R"(,"is_free":true)";
    out_ << ',';
    append_list(out_, "firewalls", one.firewalls, put_address);
    out_ << ',';
    append_list(out_, "last_routers", one.last_routers, put_address);
    out_ << ',';
    append_list(out_, "manners", one.manners,
                [&](const cut_manner& manner) { put_manner(manner); });
    out_ << R"(,"sentence":)";
    detail::append_json_string(out_, one.sentence);
    out_ << '}';
  }

  void put_manner(const cut_manner& manner) {
    out_ << R"({"sight":")" << to_string(manner.what) << R"(","reason":")"
         << to_string(manner.reason) << '"';
    if (manner.sender) {
      out_ << R"(,"sender":)";
      detail::append_address(out_, *manner.sender);
    }
    if (manner.by_target) out_ << R"(,"by_target":true)";
    out_ << R"(,"pairs":)" << manner.pairs << '}';
  }

  const reachability& matrix_;
  line_buffer out_;
};

}  // namespace

std::string reachability_json(const reachability& matrix) {
  return reachability_writer(matrix).write();
}

}  // namespace netscan
