#include "engine/conformance/recording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <map>
#include <stdexcept>
#include <system_error>

namespace vcengine {

namespace {

/// Between two processes of one program on one machine: numbers as they lie in memory.
template <class T>
void put(std::ostream& stream, const T& value) {
  stream.write(reinterpret_cast<const char*>(&value), sizeof value);
}
void put(std::ostream& stream, const std::string& text) {
  put(stream, std::uint64_t{text.size()});
  stream.write(text.data(), static_cast<std::streamsize>(text.size()));
}

template <class T>
void get(std::istream& stream, T& value) {
  stream.read(reinterpret_cast<char*>(&value), sizeof value);
}
void get(std::istream& stream, std::string& text, std::uint64_t most) {
  std::uint64_t size = 0;
  get(stream, size);
  if (!stream || size > most) throw std::runtime_error("a recording is damaged");
  text.resize(size);
  stream.read(text.data(), static_cast<std::streamsize>(size));
}

std::map<std::string, std::vector<const RecordedFrame*>> by_output(const Recording& recording) {
  std::map<std::string, std::vector<const RecordedFrame*>> outputs;
  for (const auto& frame : recording.frames) outputs[frame.output].push_back(&frame);
  return outputs;
}

std::string likely_cause(std::byte first, std::byte second, Fills fills_of_first,
                         Fills fills_of_second) {
  if (first == fills_of_first.loan && second == fills_of_second.loan) {
    return "; likely: not all of the loan is written";
  }
  if (first == fills_of_first.heap && second == fills_of_second.heap) {
    return "; likely: it comes from memory that was never written";
  }
  return "";
}

std::optional<std::string> difference(const RecordedFrame& first, const RecordedFrame& second,
                                      Fills fills_of_first, Fills fills_of_second) {
  if (first.type != second.type || first.shape != second.shape) {
    return fmt::format("is {} of {}x{} in one run, {} of {}x{} in the other", to_string(first.type),
                       first.shape[1], first.shape[0], to_string(second.type), second.shape[1],
                       second.shape[0]);
  }
  if (first.stamp != second.stamp) {
    return fmt::format("has the stamp {} ns in one run, {} ns in the other", first.stamp,
                       second.stamp);
  }
  if (first.payload.size() != second.payload.size()) {
    return fmt::format("has {} bytes in one run, {} in the other", first.payload.size(),
                       second.payload.size());
  }
  const auto [a, b] = std::ranges::mismatch(first.payload, second.payload);
  if (a == first.payload.end()) return std::nullopt;
  const auto x = static_cast<std::byte>(*a);
  const auto y = static_cast<std::byte>(*b);
  return fmt::format("byte {} of {} differs (0x{:02x} and 0x{:02x}){}", a - first.payload.begin(),
                     first.payload.size(), std::to_integer<unsigned>(x),
                     std::to_integer<unsigned>(y),
                     likely_cause(x, y, fills_of_first, fills_of_second));
}

}  // namespace

void Recording::add(const std::string& output, const FrameRef& frame) {
  const auto& header = frame.header();
  const auto payload = frame.payload();
  frames.push_back({.output = output,
                    .type = header.type,
                    .shape = header.shape,
                    .stamp = header.stamp.count(),
                    .payload = {reinterpret_cast<const char*>(payload.data()), payload.size()}});
}

void Recording::write(const std::filesystem::path& file) const {
  errno = 0;
  std::ofstream stream(file, std::ios::binary);
  for (const auto& frame : frames) {
    put(stream, frame.output);
    put(stream, frame.type);
    put(stream, frame.shape);
    put(stream, frame.stamp);
    put(stream, frame.payload);
  }
  if (!stream.flush()) {
    throw std::system_error(errno != 0 ? errno : EIO, std::generic_category(),
                            "cannot write '" + file.string() + "'");
  }
}

Recording read_recording(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw std::runtime_error("no recording was made");
  const auto size = std::filesystem::file_size(file);
  Recording recording;
  while (stream.peek() != std::ifstream::traits_type::eof()) {
    auto& frame = recording.frames.emplace_back();
    get(stream, frame.output, size);
    get(stream, frame.type);
    get(stream, frame.shape);
    get(stream, frame.stamp);
    get(stream, frame.payload, size);
    if (!stream) throw std::runtime_error("a recording is damaged");
  }
  return recording;
}

std::optional<std::string> difference(const Recording& first, const Recording& second,
                                      Fills fills_of_first, Fills fills_of_second) {
  auto outputs = by_output(first);
  auto others = by_output(second);
  for (const auto& [name, frames] : others) outputs.try_emplace(name);
  for (const auto& [name, frames] : outputs) {
    const auto& other = others[name];
    for (std::size_t i = 0; i < std::min(frames.size(), other.size()); ++i) {
      if (const auto words = difference(*frames[i], *other[i], fills_of_first, fills_of_second)) {
        return fmt::format("output '{}', frame {}: {}", name, i + 1, *words);
      }
    }
    if (frames.size() != other.size()) {
      return fmt::format("output '{}': {} frames in one run, {} in the other", name, frames.size(),
                         other.size());
    }
  }
  return std::nullopt;
}

}  // namespace vcengine
