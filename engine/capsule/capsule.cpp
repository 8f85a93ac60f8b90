#include "engine/capsule/capsule.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <system_error>
#include <utility>

#include "file_descriptor.hpp"
#include "wire/layout.hpp"

namespace vcengine {

namespace fs = std::filesystem;

namespace {

/// Of a page: the largest is a writer page of 8192 entries and 4096 slots.
constexpr std::size_t kMaxPage =
    wire::writer_page_size(2 * wire::kMaxSlots, wire::kMaxSlots) + wire::kLine;
constexpr std::size_t kMaxPayload = std::size_t{4} << 30;

[[noreturn]] void fail(const fs::path& file, const std::string& what) {
  throw CapsuleError(file.string() + ": " + what);
}

std::string reason() { return std::generic_category().message(errno); }

std::string input_file(std::size_t index, const char* what) {
  return "input" + std::to_string(index) + "." + what;
}
std::string output_file(std::size_t index) { return "output" + std::to_string(index) + ".ring"; }

void write_file(const fs::path& file, std::span<const std::byte> bytes) {
  FileDescriptor out(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  // What a full disk did not take, some file systems say only when the file is closed.
  if (!out || !write_all(out.get(), text) || ::close(out.release()) != 0) {
    fail(file, "cannot be written (" + reason() + ")");
  }
}

/// Exactly so many bytes, if `size` is given.
template <class Make>
void read_file(const fs::path& file, std::size_t most, std::optional<std::uint64_t> size,
               Make make) {
  const FileDescriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat info {};
  if (!in || ::fstat(in.get(), &info) != 0) fail(file, "cannot be read (" + reason() + ")");
  if (!S_ISREG(info.st_mode)) fail(file, "is no file");
  const auto there = static_cast<std::uint64_t>(info.st_size);
  if (there > most) fail(file, "is too large (" + std::to_string(there) + " bytes)");
  if (size && there != *size) {
    fail(file, "has " + std::to_string(there) + " bytes, not " + std::to_string(*size));
  }
  std::byte* to = make(static_cast<std::size_t>(there));
  for (std::size_t done = 0; done < there;) {
    const auto got = ::read(in.get(), to + done, static_cast<std::size_t>(there) - done);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) fail(file, got < 0 ? "cannot be read (" + reason() + ")" : "became shorter");
    done += static_cast<std::size_t>(got);
  }
}

Bytes read_page(const fs::path& file, std::optional<std::uint64_t> size = std::nullopt) {
  Bytes bytes;
  read_file(file, kMaxPage, size, [&](std::size_t there) {
    bytes.resize(there);
    return bytes.data();
  });
  return bytes;
}

Capsule::Payload read_payload(const fs::path& file, std::uint64_t size) {
  Capsule::Payload payload;
  read_file(file, kMaxPayload, size, [&](std::size_t there) {
    payload = {std::make_unique_for_overwrite<std::byte[]>(there), there};
    return payload.data.get();
  });
  return payload;
}

// As text: JSON here knows no numbers of 64 bits without a sign.
std::string number(std::uint64_t value) { return std::to_string(value); }

std::uint64_t number_of(const JsonObject& object, std::string_view name) {
  const auto text = text_of(object, name);
  std::uint64_t value = 0;
  const bool digits = !text.empty() && text.size() <= 19 &&
                      std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  if (!digits) throw JsonError("'" + std::string(name) + "' must be a whole number, as text");
  for (const char c : text) value = value * 10 + static_cast<std::uint64_t>(c - '0');
  return value;
}

template <class Items, class ToJson>
JsonArray array_from(const Items& items, ToJson to_json) {
  JsonArray array;
  for (const auto& item : items) array.emplace_back(to_json(item));
  return array;
}

JsonArray texts(const std::vector<std::string>& lines) {
  return array_from(lines, [](const auto& line) { return boost::json::string(line); });
}

std::vector<std::string> texts_of(const JsonObject& object, std::string_view name) {
  std::vector<std::string> lines;
  for (const auto& line : array_of(object, name)) {
    if (!line.is_string()) throw JsonError("'" + std::string(name) + "' must be texts");
    lines.emplace_back(line.get_string().c_str(), line.get_string().size());
  }
  return lines;
}

JsonObject to_json(const Capsule::Input& input) {
  return {{"port", input.port},
          {"latest", input.latest},
          {"feedback", input.feedback},
          {"origins", array_from(input.origins,
                                 [](const Capsule::Origin& origin) {
                                   return JsonObject{{"origin", number(origin.origin)},
                                                     {"slots", origin.slots},
                                                     {"stride", number(origin.stride)}};
                                 })},
          {"frame", input.frame ? Json(boost::json::string(number(*input.frame))) : Json()},
          {"left_out", input.left_out},
          {"bytes", number(input.payload.size)}};
}

JsonObject to_json(const Capsule::Output& output) {
  return {{"port", output.port},
          {"tells_bound", output.tells_bound},
          {"origins", array_from(output.origins,
                                 [](auto origin) { return boost::json::string(number(origin)); })},
          {"forwarded", output.forwarded}};
}

JsonObject to_json(const Capsule& capsule) {
  JsonObject env;
  for (const auto& [name, value] : capsule.env) env[name] = value;
  return {{"format", Capsule::kFormat},
          {"made_by", capsule.made_by},
          {"abi", capsule.abi},
          {"layout_major", wire::kLayoutMajor},
          {"layout_minor", wire::kLayoutMinor},
          {"circuit", capsule.circuit},
          {"block", capsule.block},
          {"type", capsule.type},
          {"plugin", capsule.plugin},
          {"build_id", capsule.build_id},
          {"death", JsonObject{{"how", capsule.death.how},
                               {"frame", number(capsule.death.frame)},
                               {"text", capsule.death.text},
                               {"backtrace", texts(capsule.death.backtrace)}}},
          {"log", texts(capsule.log)},
          {"env", std::move(env)},
          {"timeout_ns", capsule.timeout ? Json(capsule.timeout->count()) : Json()},
          {"running_ns", capsule.running.count()},
          {"load", capsule.load},
          {"inputs", array_from(capsule.inputs, [](const auto& one) { return to_json(one); })},
          {"outputs", array_from(capsule.outputs, [](const auto& one) { return to_json(one); })}};
}

std::uint32_t small_number_of(const JsonObject& object, std::string_view name) {
  const auto value = integer_of(object, name);
  if (value < 0 || value > UINT32_MAX) {
    throw JsonError("'" + std::string(name) + "' is out of range");
  }
  return static_cast<std::uint32_t>(value);
}

Capsule::Input input_from(const Json& json, std::size_t index, const fs::path& folder) {
  const auto& object = object_of(json, "input");
  Capsule::Input input;
  input.port = text_of(object, "port");
  input.latest = flag_of(object, "latest");
  input.feedback = flag_of(object, "feedback");
  for (const auto& entry : array_of(object, "origins")) {
    const auto& origin = object_of(entry, "origin");
    input.origins.push_back({.origin = number_of(origin, "origin"),
                             .slots = small_number_of(origin, "slots"),
                             .stride = number_of(origin, "stride")});
  }
  if (!member(object, "frame").is_null()) input.frame = number_of(object, "frame");
  input.left_out = text_of(object, "left_out");
  input.ring = read_page(folder / input_file(index, "ring"));
  input.reader = read_page(folder / input_file(index, "reader"), sizeof(wire::ReaderPage));
  if (input.frame && input.left_out.empty()) {
    input.payload = read_payload(folder / input_file(index, "frame"), number_of(object, "bytes"));
  }
  return input;
}

Capsule::Output output_from(const Json& json, std::size_t index, const fs::path& folder) {
  const auto& object = object_of(json, "output");
  Capsule::Output output;
  output.port = text_of(object, "port");
  output.tells_bound = flag_of(object, "tells_bound");
  for (const auto& entry : array_of(object, "origins")) {
    output.origins.push_back(number_of({{"origin", entry}}, "origin"));
  }
  output.forwarded = small_number_of(object, "forwarded");
  output.ring = read_page(folder / output_file(index));
  return output;
}

void check_version(const JsonObject& object) {
  if (const auto format = integer_of(object, "format"); format != Capsule::kFormat) {
    throw JsonError("it is of format " + std::to_string(format) + ", this program reads " +
                    std::to_string(Capsule::kFormat));
  }
  if (const auto major = integer_of(object, "layout_major"); major != wire::kLayoutMajor) {
    throw JsonError("its wires have layout " + std::to_string(major) + ", this program has " +
                    std::to_string(wire::kLayoutMajor) + ": use the vcengine that made it (" +
                    text_of(object, "made_by") + ")");
  }
}

Capsule capsule_from(const JsonObject& object, const fs::path& folder) {
  check_version(object);
  Capsule capsule;
  capsule.made_by = text_of(object, "made_by");
  capsule.abi = integer_of(object, "abi");
  capsule.circuit = text_of(object, "circuit");
  capsule.block = text_of(object, "block");
  capsule.type = text_of(object, "type");
  capsule.plugin = text_of(object, "plugin");
  capsule.build_id = text_of(object, "build_id");
  const auto& death = object_of(member(object, "death"), "death");
  capsule.death = {.how = text_of(death, "how"),
                   .frame = number_of(death, "frame"),
                   .text = text_of(death, "text"),
                   .backtrace = texts_of(death, "backtrace")};
  capsule.log = texts_of(object, "log");
  const auto& env = object_of(member(object, "env"), "env");
  for (const auto& [name, value] : env) capsule.env[name] = text_of(env, name);
  if (!member(object, "timeout_ns").is_null()) {
    capsule.timeout = std::chrono::nanoseconds(integer_of(object, "timeout_ns"));
  }
  capsule.running = std::chrono::nanoseconds(integer_of(object, "running_ns"));
  if (capsule.running.count() < 0) throw JsonError("'running_ns' is out of range");
  capsule.load = object_of(member(object, "load"), "load");
  capsule.status = read_page(folder / "status", sizeof(wire::StatusPage));
  for (const auto& entry : array_of(object, "inputs")) {
    capsule.inputs.push_back(input_from(entry, capsule.inputs.size(), folder));
  }
  for (const auto& entry : array_of(object, "outputs")) {
    capsule.outputs.push_back(output_from(entry, capsule.outputs.size(), folder));
  }
  return capsule;
}

}  // namespace

void write_capsule(const Capsule& capsule, const fs::path& folder) {
  write_file(folder / "status", capsule.status);
  for (std::size_t i = 0; i < capsule.inputs.size(); ++i) {
    const auto& input = capsule.inputs[i];
    write_file(folder / input_file(i, "ring"), input.ring);
    write_file(folder / input_file(i, "reader"), input.reader);
    if (input.payload.data) write_file(folder / input_file(i, "frame"), input.payload.bytes());
  }
  for (std::size_t i = 0; i < capsule.outputs.size(); ++i) {
    write_file(folder / output_file(i), capsule.outputs[i].ring);
  }
  const auto text = to_text(to_json(capsule)) + '\n';
  write_file(folder / kCapsuleFile, std::as_bytes(std::span(text)));
}

Capsule read_capsule(const fs::path& folder) {
  const auto file = folder / kCapsuleFile;
  std::string text;
  read_file(file, kMaxJsonBytes, std::nullopt, [&](std::size_t there) {
    text.resize(there);
    return reinterpret_cast<std::byte*>(text.data());
  });
  try {
    return capsule_from(object_of(parse_json(text), "capsule"), folder);
  } catch (const JsonError& error) {
    fail(file, error.what());
  }
}

bool is_capsule_file(const std::string& name) {
  if (name == kCapsuleFile || name == "status") return true;
  for (const auto* ending : {".ring", ".reader", ".frame"}) {
    if ((name.starts_with("input") || name.starts_with("output")) && name.ends_with(ending)) {
      return true;
    }
  }
  return false;
}

}  // namespace vcengine
