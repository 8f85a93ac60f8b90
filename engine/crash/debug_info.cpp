#include "engine/crash/debug_info.hpp"

#include <cxxabi.h>
#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <gelf.h>
#include <sys/stat.h>

#include <cstdlib>
#include <memory>
#include <optional>

namespace vcengine {

namespace {

struct Free {
  void operator()(void* memory) const noexcept { std::free(memory); }
};
struct EndDwfl {
  void operator()(Dwfl* dwfl) const noexcept { ::dwfl_end(dwfl); }
};

std::string demangle(const char* name) {
  if (name == nullptr) return "";
  int status = 0;
  const std::unique_ptr<char, Free> text(abi::__cxa_demangle(name, nullptr, nullptr, &status));
  const std::string function = status == 0 ? text.get() : name;
  return function.substr(0,
                         function.find(" [clone "));  // a part of it that the compiler moved away
}

/// Address that the program headers give to a byte of the file.
std::optional<std::uint64_t> address_of(Elf* elf, std::uint64_t offset) {
  std::size_t count = 0;
  if (::elf_getphdrnum(elf, &count) != 0) return std::nullopt;
  for (std::size_t i = 0; i < count; ++i) {
    GElf_Phdr header;
    if (::gelf_getphdr(elf, static_cast<int>(i), &header) == nullptr) break;
    if (header.p_type == PT_LOAD && offset >= header.p_offset &&
        offset - header.p_offset < header.p_filesz) {
      return offset - header.p_offset + header.p_vaddr;
    }
  }
  return std::nullopt;
}

/// Of a function or an inlined copy of one; the linkage name tells the class, the plain one does
/// not.
std::string name_of(Dwarf_Die& die) {
  Dwarf_Attribute attribute;
  if (::dwarf_attr_integrate(&die, DW_AT_linkage_name, &attribute) != nullptr) {
    return demangle(::dwarf_formstring(&attribute));
  }
  const char* name = ::dwarf_diename(&die);
  return name == nullptr ? "" : name;
}

/// Where an inlined copy was called.
SourcePlace call_of(Dwarf_Die& unit, Dwarf_Die& inlined) {
  SourcePlace place;
  Dwarf_Attribute attribute;
  Dwarf_Word file = 0;
  Dwarf_Word line = 0;
  Dwarf_Files* files = nullptr;
  std::size_t count = 0;
  const bool known =
      ::dwarf_formudata(::dwarf_attr(&inlined, DW_AT_call_file, &attribute), &file) == 0 &&
      ::dwarf_formudata(::dwarf_attr(&inlined, DW_AT_call_line, &attribute), &line) == 0 &&
      ::dwarf_getsrcfiles(&unit, &files, &count) == 0 && file < count;
  if (!known) return place;
  const char* path = ::dwarf_filesrc(files, file, nullptr, nullptr);
  if (path != nullptr) place.file = path;
  place.line = static_cast<int>(line);
  return place;
}

/// Appends what contains `address` below `parent`, outermost first: a function, blocks and inlined
/// copies. Not dwarf_getscopes(): that one does not look into namespaces, where Clang puts
/// functions. The depth is limited for damaged files.
bool find_scopes(Dwarf_Die& parent, Dwarf_Addr address, std::vector<Dwarf_Die>& scopes,
                 int depth = 0) {
  constexpr int kDeepest = 200;
  Dwarf_Die child;
  if (depth > kDeepest || ::dwarf_child(&parent, &child) != 0) return false;
  do {
    if (::dwarf_haspc(&child, address) == 1) {
      scopes.push_back(child);
      find_scopes(child, address, scopes, depth + 1);
      return true;
    }
    const int tag = ::dwarf_tag(&child);
    const bool may_contain_functions =
        tag == DW_TAG_namespace || tag == DW_TAG_class_type || tag == DW_TAG_structure_type;
    if (may_contain_functions && find_scopes(child, address, scopes, depth + 1)) return true;
  } while (::dwarf_siblingof(&child, &child) == 0);
  return false;
}

/// Names the innermost function in `places`, which has one element with its line, and appends the
/// callers that it was inlined into, up to the function that is no inlined copy.
void add_inlining(Dwarf_Die& unit, Dwarf_Addr address, std::vector<SourcePlace>& places) {
  std::vector<Dwarf_Die> scopes;
  find_scopes(unit, address, scopes);
  for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope) {
    const int tag = ::dwarf_tag(&*scope);
    if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_subprogram) continue;
    places.back().function = name_of(*scope);
    if (tag == DW_TAG_subprogram) return;
    places.push_back(call_of(unit, *scope));
  }
}

/// The compilation unit of an address (at `bias` from that of its own tables), or nullptr.
Dwarf_Die* find_unit(Dwfl_Module* module, Dwarf_Addr address, Dwarf_Addr& bias) {
  if (Dwarf_Die* unit = ::dwfl_module_addrdie(module, address, &bias)) return unit;
  // Clang writes no .debug_aranges, which this look-up needs before elfutils 0.191.
  Dwarf_Die* unit = nullptr;
  while ((unit = ::dwfl_module_nextcu(module, unit, &bias)) != nullptr) {
    if (::dwarf_haspc(unit, address - bias) == 1) break;
  }
  return unit;
}

std::vector<SourcePlace> places_in(Dwfl_Module* module, Dwarf_Addr address) {
  std::vector<SourcePlace> places(1);
  Dwarf_Addr bias = 0;
  if (Dwarf_Die* unit = find_unit(module, address, bias)) {
    if (Dwarf_Line* line = ::dwarf_getsrc_die(unit, address - bias)) {
      const char* file = ::dwarf_linesrc(line, nullptr, nullptr);
      if (file != nullptr) places[0].file = file;
      ::dwarf_lineno(line, &places[0].line);
    }
    add_inlining(*unit, address - bias, places);
  }
  // The symbol table has the name with its scope also where the line tables have it without.
  if (const char* name = ::dwfl_module_addrname(module, address)) {
    places.back().function = demangle(name);
  }
  return places;
}

}  // namespace

std::vector<SourcePlace> find_source(const std::string& file, std::uint64_t offset) {
  std::vector<SourcePlace> unknown(1);
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode))
    return unknown;  // a pipe hangs

  static const Dwfl_Callbacks callbacks{::dwfl_build_id_find_elf, ::dwfl_standard_find_debuginfo,
                                        ::dwfl_offline_section_address, nullptr};
  const std::unique_ptr<Dwfl, EndDwfl> dwfl(::dwfl_begin(&callbacks));
  if (!dwfl) return unknown;
  ::dwfl_report_begin(dwfl.get());
  // At base 0, so that addresses are those of the program headers.
  Dwfl_Module* module = ::dwfl_report_elf(dwfl.get(), file.c_str(), file.c_str(), -1, 0, true);
  if (module == nullptr) return unknown;
  ::dwfl_report_end(dwfl.get(), nullptr, nullptr);
  Dwarf_Addr bias = 0;
  Elf* elf = ::dwfl_module_getelf(module, &bias);
  if (elf == nullptr) return unknown;
  const auto address = address_of(elf, offset);
  return address ? places_in(module, *address + bias) : unknown;
}

}  // namespace vcengine
