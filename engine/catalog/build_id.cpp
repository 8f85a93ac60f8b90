#include "engine/catalog/build_id.hpp"

#include <elf.h>
#include <link.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace vcengine {

namespace {

/// Notes are padded to words of 4 bytes.
constexpr std::size_t padded(std::size_t size) { return (size + 3) / 4 * 4; }

std::string hexadecimal(std::span<const std::byte> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const auto byte : bytes) {
    text += kDigits[std::to_integer<std::size_t>(byte >> 4)];
    text += kDigits[std::to_integer<std::size_t>(byte & std::byte{15})];
  }
  return text;
}

std::string find_in(std::span<const std::byte> notes) {
  ElfW(Nhdr) note{};
  while (notes.size() >= sizeof note) {
    std::memcpy(&note, notes.data(), sizeof note);
    notes = notes.subspan(sizeof note);
    const auto name_size = padded(note.n_namesz);
    if (notes.size() < name_size || notes.size() - name_size < note.n_descsz) break;
    const std::string_view name(reinterpret_cast<const char*>(notes.data()), note.n_namesz);
    if (note.n_type == NT_GNU_BUILD_ID && name == std::string_view(ELF_NOTE_GNU "\0", 4)) {
      return hexadecimal(notes.subspan(name_size, note.n_descsz));
    }
    if (notes.size() < name_size + padded(note.n_descsz)) break;
    notes = notes.subspan(name_size + padded(note.n_descsz));
  }
  return {};
}

struct Search {
  std::uintptr_t address;
  std::string found;
};

int look_at(dl_phdr_info* info, std::size_t, void* data) {
  auto& search = *static_cast<Search*>(data);
  const std::span headers(info->dlpi_phdr, info->dlpi_phnum);
  bool here = false;
  for (const auto& header : headers) {
    const auto begin = info->dlpi_addr + header.p_vaddr;
    if (header.p_type == PT_LOAD && search.address >= begin &&
        search.address - begin < header.p_memsz) {
      here = true;
    }
  }
  if (!here) return 0;
  for (const auto& header : headers) {
    if (header.p_type != PT_NOTE || !search.found.empty()) continue;
    const auto* notes = reinterpret_cast<const std::byte*>(info->dlpi_addr + header.p_vaddr);
    search.found = find_in({notes, header.p_memsz});
  }
  return 1;
}

}  // namespace

std::string build_id_at(const void* address) {
  Search search{.address = reinterpret_cast<std::uintptr_t>(address), .found = {}};
  ::dl_iterate_phdr(look_at, &search);
  return search.found;
}

}  // namespace vcengine
