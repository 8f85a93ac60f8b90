/// What sdk/doc/wire_format.md shows is so: its worked example is what the SDK reads and writes,
/// byte for byte, and the tests that it names exist.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/sdk/named_tests.hpp"
#include "tests/sdk/test_pool.hpp"

namespace vcengine::wire {
namespace {

using Bytes = std::vector<std::byte>;

constexpr std::size_t kRow = 16;

/// The fenced blocks of the page by the words behind their fence: "hex writer_page 1152".
std::map<std::string, std::vector<std::string>> fenced_blocks(const std::string& page) {
  std::map<std::string, std::vector<std::string>> blocks;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("```")) continue;
    auto& block = blocks[line.substr(3)];
    while (std::getline(lines, line) && !line.starts_with("```")) block.push_back(line);
  }
  return blocks;
}

/// Rows of an offset and 16 bytes, and words for people behind them; rows left out are 0.
Bytes bytes_of(const std::vector<std::string>& rows, std::size_t size) {
  Bytes bytes(size);
  std::size_t least = 0;
  for (const auto& row : rows) {
    std::istringstream words(row);
    words >> std::hex;
    std::size_t offset = 0;
    words >> offset;
    if (!words || offset % kRow != 0 || offset < least || offset + kRow > size) {
      throw std::runtime_error("not a row of a dump of this size, or not in order: " + row);
    }
    least = offset + kRow;
    for (std::size_t i = 0; i < kRow; ++i) {
      unsigned byte = 0;
      if (!(words >> byte) || byte > 0xff) throw std::runtime_error("too few bytes: " + row);
      bytes[offset + i] = static_cast<std::byte>(byte);
    }
  }
  return bytes;
}

/// As the page shows them, for whoever has to change it.
std::string dump(std::span<const std::byte> bytes) {
  std::string text;
  for (std::size_t offset = 0; offset < bytes.size(); offset += kRow) {
    const auto row = bytes.subspan(offset, kRow);
    if (std::ranges::all_of(row, [](std::byte byte) { return byte == std::byte{0}; })) continue;
    text += fmt::format("{:08x} ", offset);
    for (std::size_t i = 0; i < kRow; ++i) {
      if (i == kRow / 2) text += ' ';
      text += fmt::format(" {:02x}", std::to_integer<unsigned>(row[i]));
    }
    text += '\n';
  }
  return text;
}

std::string in_words(const FrameRef& frame) {
  const auto& header = frame.header();
  std::vector<unsigned> bytes;
  for (const auto byte : frame.payload()) bytes.push_back(std::to_integer<unsigned>(byte));
  return fmt::format(
      "frame {}: {}, {} rows, {} columns, {} bytes\n"
      "stamp {} ns, born {} ns, cause {}\n"
      "payload {:02x}\n",
      header.sequence, to_string(header.type), header.shape[0], header.shape[1], header.size,
      header.stamp.count(), header.born.count(), header.cause, fmt::join(bytes, " "));
}

class WireFormatTest : public testing::Test {
 protected:
  WireFormatTest() : page_(content_of(VCENGINE_WIRE_FORMAT)), blocks_(fenced_blocks(page_)) {}

  /// What the page shows of a file of this size.
  Bytes shown(const std::string& name, std::size_t size) const {
    const auto block = blocks_.find("hex " + name + " " + std::to_string(size));
    if (block == blocks_.end()) {
      throw std::runtime_error("the page has no example '" + name + "' of " + std::to_string(size) +
                               " bytes");
    }
    return bytes_of(block->second, size);
  }
  std::string shown_words(const std::string& name) const {
    std::string text;
    for (const auto& line : blocks_.at("text " + name)) text += line + "\n";
    return text;
  }

  void expect_shown(const std::string& name, std::span<const std::byte> written) const {
    const auto expected = shown(name, written.size());
    EXPECT_TRUE(std::ranges::equal(expected, written))
        << name << " as the SDK writes it, for the page:\n"
        << dump(written);
  }

  std::string page_;
  std::map<std::string, std::vector<std::string>> blocks_;
};

/// The scene of the page: a reader sleeps, and is rung for as its first frame comes.
struct Scene {
  static constexpr std::uint32_t kLoaned = 0, kPublished = 1;

  Scene() : pool({{.policy = Policy::wait, .depth = 2}}, {.observers = 0}) {
    auto& host = pool.host();
    host.origin.store(4'960'000'000);
    host.run_state.store(static_cast<std::uint32_t>(RunState::run));
    host.bell.store(1);
  }

  void play() {
    pool.readers[0]->announce_wait();
    EXPECT_EQ(pool.writer->try_loan(), kLoaned);
    EXPECT_EQ(pool.writer->try_loan(), kPublished);
    constexpr unsigned char kPixels[] = {0xff, 0, 0, 0,    0xff, 0,    0,    0,    0xff,
                                         0,    0, 0, 0x80, 0x80, 0x80, 0xff, 0xff, 0xff};
    std::memcpy(pool.writer->slot_data(kPublished), kPixels, sizeof kPixels);
    constexpr std::uint32_t kCv8Uc3 = 16;
    FrameHeader header;
    header.type = {Family::image, kCv8Uc3};
    header.size = sizeof kPixels;
    header.shape = {2, 3};
    header.stamp = Stamp{40'000'000};
    header.born = Born{5'000'000'000};
    pool.writer->publish(kPublished, header);
  }

  TestPool pool;
};

/// The files of the page, as a reader maps them.
struct ShownFiles {
  explicit ShownFiles(const std::function<Bytes(const std::string&, std::size_t)>& shown)
      : writer(mapped(shown("writer_page", writer_page_size(4, 9)))),
        payload(mapped(shown("payload", 9 * kSlotAlignment))),
        host(mapped(shown("host_page", host_page_size(1)))),
        reader(mapped(shown("reader_page_asleep", sizeof(ReaderPage)))) {}

  static Mapping mapped(const Bytes& bytes) {
    auto mapping = Mapping::anonymous(bytes.size());
    std::ranges::copy(bytes, mapping.bytes().begin());
    return mapping;
  }

  Mapping writer, payload, host, reader;
};

TEST_F(WireFormatTest, TheExampleIsWhatTheSdkWrites) {
  Scene sut;
  sut.play();
  expect_shown("host_page", sut.pool.memory->host.bytes());
  expect_shown("writer_page", sut.pool.memory->control.bytes());
  expect_shown("payload", sut.pool.memory->payload.bytes());
  expect_shown("reader_page_asleep", sut.pool.memory->readers[0].bytes());
}

TEST_F(WireFormatTest, TheExampleIsReadAsItsTextSays) {
  const ShownFiles files([this](const auto& name, auto size) { return shown(name, size); });
  CountingDoorbell doorbell;
  const auto sut = std::make_shared<RingReader>(
      reader_page(files.reader.bytes()), std::span<const std::byte>(files.writer.bytes()),
      files.payload.bytes(), host_page(files.host.bytes()).wire()[0], doorbell);

  sut->retract_wait();
  FrameRef frame;
  ASSERT_EQ(sut->take(frame), RingReader::Status::frame);
  EXPECT_EQ(in_words(frame), shown_words("frame"));
  expect_shown("reader_page_holding", files.reader.bytes());

  FrameRef none;
  EXPECT_EQ(sut->take(none), RingReader::Status::empty);
}

TEST_F(WireFormatTest, TheTestsThatThePageNamesExist) {
  const NamedTests named(page_, VCENGINE_TESTS);
  EXPECT_EQ(named.missing(), std::vector<std::string>());
  EXPECT_GT(named.count(), 40U) << "the page names more than were found";
}

TEST_F(WireFormatTest, ThePageIsOfTheVersionThatTheSdkWrites) {
  const auto version = std::to_string(kLayoutMajor) + "." + std::to_string(kLayoutMinor);
  EXPECT_NE(page_.find("Layout version **" + version + "**"), std::string::npos) << version;
  EXPECT_NE(page_.find("\n| " + version + " |"), std::string::npos)
      << "the history at the end of the page has no row for " << version;
}

}  // namespace
}  // namespace vcengine::wire
