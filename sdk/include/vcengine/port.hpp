/// Ports: the typed end points of wires, declared as members of a block.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "vcengine/description.hpp"
#include "vcengine/errors.hpp"
#include "vcengine/frame.hpp"
#include "vcengine/name.hpp"

namespace vcengine {

class Block;

namespace detail {
class BlockAccess;
}

/// How a C++ type travels. A specialisation has
///   using View            what *input gives;
///   name()                its TypeName;
///   accepts(FrameType)    may a frame of this type be read as T? (checked for each frame)
///   view(const FrameRef&) the view, valid while the frame is held; throws FrameError if malformed
template <class T>
struct FrameTraits {
  static_assert(
      detail::kNever<T>,
      "this is no port type. Pictures: include <vcengine/image.hpp> and write Bgr8, Gray8 "
      "or Image. Values: Number, Text, Bytes, Array<float>. A struct: declare a "
      "vcengine::Record of it");
};

template <class T>
class In;
template <class T>
class Latest;
template <class T>
class Optional;
template <class T>
class Inputs;

/// Marks an output whose type is that of the block's input of the given name: forwarded frames.
struct SameAs {
  std::string_view input;
};

namespace detail {

/// Says "block detect, input image" in messages.
class PortBase {
 public:
  PortBase(const PortBase&) = delete;
  PortBase& operator=(const PortBase&) = delete;

  const PortInfo& info() const noexcept { return info_; }

 protected:
  explicit PortBase(PortInfo info) : info_(std::move(info)) {}
  ~PortBase() = default;

  PortInfo info_;
};

}  // namespace detail

/// An input of any type: the frame it holds now and that frame's header.
class InputBase : public detail::PortBase {
 public:
  virtual ~InputBase() = default;

  /// Is there a frame to read? Always so for an In during process().
  bool has_value() const noexcept { return static_cast<bool>(frame_); }
  explicit operator bool() const noexcept { return has_value(); }

  /// The frame as it travels; copy it to keep the frame. Throws FrameError when there is none.
  const FrameRef& frame() const {
    require_value();
    return frame_;
  }
  const FrameHeader& header() const { return frame().header(); }
  Stamp stamp() const { return header().stamp; }
  Born born() const { return header().born; }

  /// Of the record type that is wired here, so that an input of any type can show what is in it;
  /// empty for all other types.
  const std::vector<FieldInfo>& record_fields() const noexcept { return record_fields_; }

  /// For the runner of the block, not for blocks. `arrive` throws FrameError for a frame that
  /// cannot be read as this port's type; `clear` forgets the current frame.
  virtual void arrive(FrameRef frame) = 0;
  virtual void clear() noexcept = 0;
  virtual bool accepts(FrameType type) const noexcept = 0;
  void set_record_fields(std::vector<FieldInfo> fields) { record_fields_ = std::move(fields); }

 protected:
  InputBase(Block* owner, PortInfo info);
  explicit InputBase(PortInfo info) : PortBase(std::move(info)) {}  ///< a port of an Inputs

  void require_value() const {
    if (!frame_) throw_empty();
  }

  FrameRef frame_;

 private:
  [[noreturn]] void throw_empty() const;

  std::vector<FieldInfo> record_fields_;
};

namespace detail {

template <class T>
concept RecordLike = requires {
  FrameTraits<T>::fields();
};

/// Stands where a port is declared with its owner alone.
template <class Owner>
constexpr void require_name() {
  static_assert(kNever<Owner>,
                "a port needs a name, by which circuits know it: In<Bgr8> image{this, \"image\", "
                "\"What it is\"}");
}

template <class T>
PortInfo input_info(Word name, std::string_view doc, PortRole role) {
  PortInfo info{.name = std::string(name.text()),
                .doc = std::string(doc),
                .role = role,
                .type = FrameTraits<T>::name(),
                .optional = false,
                .many = false,
                .delayed = 0,
                .same_as = {},
                .fields = {},
                .record_size = 0};
  if constexpr (RecordLike<T>) {
    info.fields = FrameTraits<T>::fields();
    info.record_size = sizeof(T);
  }
  return info;
}

/// What In and Latest share: the view of the current frame.
template <class T>
class TypedInput : public InputBase {
 public:
  using View = typename FrameTraits<T>::View;

  const View& operator*() const {
    require_value();
    return *view_;
  }
  const View* operator->() const { return &**this; }

  void arrive(FrameRef frame) override {
    view_.reset();
    frame_.reset();
    view_.emplace(FrameTraits<T>::view(frame));
    frame_ = std::move(frame);
  }
  void clear() noexcept override {
    view_.reset();
    frame_.reset();
  }
  bool accepts(FrameType type) const noexcept override { return FrameTraits<T>::accepts(type); }

 protected:
  using InputBase::InputBase;

  std::optional<View> view_;
};

}  // namespace detail

/// An input that triggers process(): one frame of each In, matched by stamp, is there in each call.
/// `*image` is the picture or value, `image->…` its members; read-only, mapped without write
/// access.
template <class T>
class In final : public detail::TypedInput<T> {
 public:
  In(Block* owner, detail::Word name, std::string_view doc = {})
      : detail::TypedInput<T>(owner, detail::input_info<T>(name, doc, PortRole::in)) {}
  template <class Owner>
  explicit In(Owner*) : In(nullptr, std::string()) {
    detail::require_name<Owner>();
  }

 private:
  friend class Inputs<T>;
  explicit In(PortInfo info) : detail::TypedInput<T>(std::move(info)) {}
};

/// An input that is read at its newest value and never triggers.
template <class T>
class Latest final : public detail::TypedInput<T> {
 public:
  using View = typename FrameTraits<T>::View;

  Latest(Block* owner, detail::Word name, std::string_view doc = {})
      : detail::TypedInput<T>(owner, detail::input_info<T>(name, doc, PortRole::latest)) {}
  template <class Owner>
  explicit Latest(Owner*) : Latest(nullptr, std::string()) {
    detail::require_name<Owner>();
  }

  /// The newest value, or `other` before the first one arrived.
  View value_or(View other) const { return this->has_value() ? **this : std::move(other); }
};

/// An In that may stay unwired; `if (mask)` asks whether a frame is there.
template <class T>
class Optional<In<T>> final : public detail::TypedInput<T> {
 public:
  Optional(Block* owner, detail::Word name, std::string_view doc = {})
      : detail::TypedInput<T>(owner, optional(detail::input_info<T>(name, doc, PortRole::in))) {}

 private:
  static PortInfo optional(PortInfo info) {
    info.optional = true;
    return info;
  }
};

namespace detail {

class InputsBase : public PortBase {
 public:
  virtual ~InputsBase() = default;
  /// Makes `count` inputs, as many as wires lead here; called once, before start().
  virtual void resize(std::size_t count) = 0;
  virtual InputBase& port(std::size_t index) = 0;
  virtual std::size_t size() const noexcept = 0;

 protected:
  InputsBase(Block* owner, PortInfo info);
};

}  // namespace detail

/// Any number of inputs of one type, one a wire, in the order of the circuit file.
template <class T>
class Inputs final : public detail::InputsBase {
 public:
  Inputs(Block* owner, detail::Word name, std::string_view doc = {})
      : detail::InputsBase(owner, many(detail::input_info<T>(name, doc, PortRole::in))) {}

  std::size_t size() const noexcept override { return ports_.size(); }
  const In<T>& operator[](std::size_t index) const { return *ports_.at(index); }

  void resize(std::size_t count) override {
    while (ports_.size() < count) {
      PortInfo info = info_;
      info.name += '[' + std::to_string(ports_.size()) + ']';
      info.many = false;
      info.optional = true;  // in a match where some may be missing
      ports_.push_back(std::unique_ptr<In<T>>(new In<T>(std::move(info))));
    }
  }
  InputBase& port(std::size_t index) override { return *ports_.at(index); }

 private:
  static PortInfo many(PortInfo info) {
    info.many = true;
    return info;
  }

  std::vector<std::unique_ptr<In<T>>> ports_;
};

namespace detail {

/// A slot of the writer's pool, filled by a block.
struct Slot {
  std::byte* data = nullptr;
  std::uint64_t capacity = 0;
  std::uint32_t index = 0;
};

/// What an output writes to: the ring of its pool, or nothing before the block is wired.
class FrameWriter : public std::enable_shared_from_this<FrameWriter> {
 public:
  virtual ~FrameWriter() = default;
  /// Waits for a free slot. Throws Stopping, or FrameError if `size` bytes do not fit.
  virtual Slot loan(std::uint64_t size) = 0;
  /// Waits for room at every `wait` reader, then publishes. Throws Stopping.
  virtual void publish(Slot slot, FrameType type, std::array<std::uint32_t, 2> shape,
                       std::uint64_t size) = 0;
  virtual void give_back(Slot slot) noexcept = 0;
  /// Publishes a frame of an input as it is, where that can be done without copying it; false if
  /// not. Throws as publish() does.
  virtual bool forward(const FrameRef& frame);
};

}  // namespace detail

/// An output of any type.
class OutputBase : public detail::PortBase {
 public:
  virtual ~OutputBase() = default;

  /// For the runner of the block, not for blocks.
  void connect(detail::FrameWriter* writer) noexcept { writer_ = writer; }

 protected:
  OutputBase(Block* owner, PortInfo info);

  detail::FrameWriter& writer() const {
    if (writer_ == nullptr) throw_unconnected();
    return *writer_;
  }
  void publish_bytes(FrameType type, std::array<std::uint32_t, 2> shape,
                     std::span<const std::byte> bytes);
  template <class Encoded>
  void publish_encoded(const Encoded& encoded) {
    publish_bytes(encoded.type, encoded.shape, encoded.bytes);
  }

 private:
  friend class detail::BlockAccess;
  [[noreturn]] void throw_unconnected() const;

  detail::FrameWriter* writer_ = nullptr;
};

namespace detail {

/// The right to fill one slot. Dropped without publish(), nothing is sent. A block may keep one as
/// a member and be destructed after its wires are gone.
class LoanBase {
 public:
  LoanBase(LoanBase&& other) noexcept : writer_(std::move(other.writer_)), slot_(other.slot_) {}
  LoanBase(const LoanBase&) = delete;  // a loan is the right to one slot: pass it by std::move
  LoanBase& operator=(const LoanBase&) = delete;  // loan anew instead: auto other = out.loan(size)
  LoanBase& operator=(LoanBase&&) = delete;       // likewise

 protected:
  LoanBase(FrameWriter& writer, std::uint64_t size)
      : writer_(writer.weak_from_this()), slot_(writer.loan(size)) {}
  ~LoanBase() {
    if (const auto writer = writer_.lock()) writer->give_back(slot_);
  }

  void send(FrameType type, std::array<std::uint32_t, 2> shape, std::uint64_t size) {
    const auto writer = writer_.lock();
    if (!writer) throw FrameError("this loan was published already");
    writer->publish(slot_, type, shape, size);
    writer_.reset();  // only now: if publish() throws, the slot goes back to the pool
  }

  std::weak_ptr<FrameWriter> writer_;
  Slot slot_;
};

template <class T>
PortInfo output_info(Word name, std::string_view doc, std::uint32_t delayed) {
  auto info = input_info<T>(name, doc, PortRole::out);
  info.delayed = delayed;
  return info;
}

}  // namespace detail

/// Declares an output whose frames may come later than the process() they belong to (an encoder, a
/// filter over time): `Out<Bgr8> out{this, "out", "Doc", Delayed{.frames = 2}};` for one that keeps
/// back two frames at most. Joins further down then wait for them, and no longer: a frame that
/// comes later still is refused with FrameError.
struct Delayed {
  std::uint32_t frames = 1;
};

/// What a loan of T is; pictures specialise it (image.hpp).
template <class T>
class Loan {
 public:
  template <class... Args>
  explicit Loan(detail::FrameWriter&, Args&&...) {
    static_assert(detail::kNever<T, Args...>,
                  "only pictures are loaned; send a value by out.publish(value)");
  }
};

/// An output. Small things: `out.publish(value)`. Pictures: `auto picture = out.loan(size);`, fill
/// `*picture`, `std::move(picture).publish();` — a loan that is dropped publishes nothing.
template <class T>
class Out final : public OutputBase {
 public:
  Out(Block* owner, detail::Word name, std::string_view doc = {})
      : OutputBase(owner, detail::output_info<T>(name, doc, 0)) {}
  Out(Block* owner, detail::Word name, std::string_view doc, Delayed delayed)
      : OutputBase(owner, detail::output_info<T>(name, doc, delayed.frames)) {}
  template <class Owner>
  explicit Out(Owner*) : Out(nullptr, std::string()) {
    detail::require_name<Owner>();
  }

  /// Pictures: loan(cv::Size), or loan(cv::Size, type) where the port type leaves it open.
  template <class... Args>
  Loan<T> loan(Args&&... args) {
    return Loan<T>(writer(), std::forward<Args>(args)...);
  }

  /// Copies a value into a slot and sends it.
  template <class Value>
  requires requires(const Value& value) { FrameTraits<T>::encode(value); }
  void publish(const Value& value) {
    // One expression: encode() may refer to a temporary, such as the double that `publish(7)`
    // makes.
    publish_encoded(FrameTraits<T>::encode(value));
  }

  /// Anything else cannot be sent.
  template <class... Values>
  void publish(const Values&...) {
    static_assert(detail::kNever<Values...>,
                  "this output cannot send that. A picture: `auto picture = out.loan(size);`, fill "
                  "*picture, `std::move(picture).publish();`. A value: out.publish(value), of the "
                  "port's type");
  }
};

/// An output that sends on frames of an input as they are: `Out<SameAs> out{this, "out", {"in"},
/// "Doc"}`.
template <>
class Out<SameAs> final : public OutputBase {
 public:
  Out(Block* owner, detail::Word name, SameAs same_as, std::string_view doc = {});

  /// Sends on the frame that `input` holds. It is not copied: who takes it reads it in the memory
  /// that it was written to, which stays as it is until then. (A copy is made where that memory
  /// is not shared with all readers: of a frame of another input than the one named above; or
  /// when readers lag behind by hundreds of frames.)
  void publish(const InputBase& input) { publish(input.frame()); }
  void publish(const FrameRef& frame);
  void publish(const FrameCopy& frame);
};

}  // namespace vcengine
