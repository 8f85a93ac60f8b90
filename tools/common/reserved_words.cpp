#include "tools/common/reserved_words.hpp"

namespace vcengine {
namespace {

// Each word between two spaces.
constexpr std::string_view kKeywords =
    " alignas alignof and and_eq asm auto bitand bitor bool break case catch char char16_t char32_t"
    " char8_t class co_await co_return co_yield compl concept const const_cast consteval constexpr"
    " constinit continue decltype default delete do double dynamic_cast else enum explicit export"
    " extern false final float for friend goto if import inline int long module mutable namespace "
    "new"
    " noexcept not not_eq nullptr operator or or_eq override private protected public register"
    " reinterpret_cast requires return short signed sizeof static static_assert static_cast struct"
    " switch template this thread_local throw true try typedef typeid typename union unsigned using"
    " virtual void volatile wchar_t while xor xor_eq ";
// linux, unix and i386 are macros unless CMAKE_CXX_EXTENSIONS is off.
constexpr std::string_view kMacros =
    " alloca assert errno i386 linux offsetof setjmp stderr stdin stdout unix va_arg va_copy va_end"
    " va_start ";
constexpr std::string_view kNamespaces = " cv std vcengine ";
constexpr std::string_view kBlockMembers =
    " check declare drain dt finish idle idle_every now pace process report_progress report_window "
    "set_stamp"
    " sleep_for sleep_until stamp start stop stop_circuit stopping ";
constexpr std::string_view kCmakeTargets =
    " all clean edit_cache gmock gtest help install list_install_components none package"
    " package_source preinstall rebuild_cache test ";
constexpr std::string_view kYamlWords = " n no null off on false true y yes ";

bool is_in(std::string_view words, std::string_view word) {
  for (auto at = words.find(word); at != std::string_view::npos; at = words.find(word, at + 1)) {
    const auto end = at + word.size();
    if (at > 0 && words[at - 1] == ' ' && end < words.size() && words[end] == ' ') return true;
  }
  return false;
}

}  // namespace

bool is_cpp_word(std::string_view word) {
  return is_in(kKeywords, word) || is_in(kMacros, word) || is_in(kNamespaces, word);
}

bool is_block_member(std::string_view word) { return is_in(kBlockMembers, word); }

bool is_cmake_target(std::string_view word) {
  return is_in(kCmakeTargets, word) || word.starts_with("opencv_");
}

bool is_yaml_word(std::string_view word) { return is_in(kYamlWords, word); }

}  // namespace vcengine
