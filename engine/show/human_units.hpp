/// Numbers as a person reads them: three digits and a unit.
#pragma once

#include <chrono>
#include <string>

namespace vcengine {

/// What the reader's terminal or file can show.
enum class Glyphs { ascii, utf8 };

/// By LC_ALL, LC_CTYPE and LANG, as libc would decide; the process's own locale is left alone.
Glyphs glyphs_of_environment();

/// "812 ns", "1.23 ms", "42.0 s", "2 min 5 s".
std::string format_duration(std::chrono::nanoseconds duration, Glyphs glyphs);

/// "0:42", "1:02:03"; rounded up, so that "0:00" is the end.
std::string format_clock(std::chrono::nanoseconds duration);

/// "24.8/s"
std::string format_rate(double per_second);

}  // namespace vcengine
