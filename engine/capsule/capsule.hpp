/// A crash capsule: what is needed to run the call of process() that a block died in once more. As
/// a folder, see sdk/doc/crash_capsules.md for the files in it.
///
/// A capsule may come from anywhere and be cut off or changed: all that is read is checked here or
/// by those who use it, and what does not fit is an error in words.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/capsule/held_frame.hpp"
#include "engine/control/json.hpp"

namespace vcengine {

/// What is wrong with a capsule, or with the disk that it is written to: "/tmp/c/capsule.json:
/// 'load' is missing".
class CapsuleError final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Capsule {
  static constexpr std::int64_t kFormat = 1;

  struct Death {
    std::string how;          ///< "SIGSEGV", "hang", "exit"
    std::uint64_t frame = 0;  ///< a source: number of the call
    std::string text;         ///< what the host said
    std::vector<std::string> backtrace;
  };
  /// Not initialised where it is made: it is large, and filled at once.
  struct Payload {
    std::unique_ptr<std::byte[]> data;
    std::size_t size = 0;

    std::span<const std::byte> bytes() const { return {data.get(), size}; }
  };
  struct Origin {
    std::uint64_t origin = 0;
    std::uint32_t slots = 0;
    std::uint64_t stride = 0;
  };
  struct Input {
    std::string port;
    bool latest = false;
    bool feedback = false;
    Bytes ring;    ///< writer page of the sender, with the entry of the frame
    Bytes reader;  ///< page of the dead
    std::vector<Origin> origins;
    std::optional<std::uint64_t> frame;  ///< that it had in this call
    std::string left_out;                ///< why the payload of that is not there; empty: it is
    Payload payload;
  };
  struct Output {
    std::string port;
    bool tells_bound = false;
    std::vector<std::uint64_t> origins;
    std::uint32_t forwarded = 0;
    Bytes ring;
  };

  std::string made_by;  ///< "vcengine 0.1.0"
  std::int64_t abi = 0;
  std::string circuit, block, type;
  std::string plugin;    ///< path
  std::string build_id;  ///< of the plugin; empty: it had none
  Death death;
  std::vector<std::string> log;  ///< the block's last lines
  JsonObject load;               ///< the message that a worker gets
  std::map<std::string, std::string> env;
  std::optional<std::chrono::nanoseconds> timeout;  ///< for one process()
  std::chrono::nanoseconds running{0};              ///< of the circuit, until the death
  Bytes status;
  std::vector<Input> inputs;
  std::vector<Output> outputs;
};

/// Writes its files into `folder`, which exists and is empty. Throws CapsuleError.
void write_capsule(const Capsule& capsule, const std::filesystem::path& folder);

/// Throws CapsuleError.
Capsule read_capsule(const std::filesystem::path& folder);

/// The names of all files that a capsule may have.
bool is_capsule_file(const std::string& name);

inline constexpr const char* kCapsuleFile = "capsule.json";

}  // namespace vcengine
