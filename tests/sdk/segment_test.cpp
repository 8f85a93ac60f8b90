#include "wire/segment.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

namespace vcengine::wire {
namespace {

constexpr std::size_t kSize = 64 * 1024;

/// Lets the kernel write there: EFAULT instead of a signal where that is forbidden.
bool is_writable(std::byte* place) {
  int ends[2];
  if (::pipe(ends) != 0) throw std::system_error(errno, std::generic_category());
  const FileDescriptor from(ends[0]), to(ends[1]);
  EXPECT_EQ(::write(to.get(), "x", 1), 1);
  return ::read(from.get(), place, 1) == 1;
}

/// "rd wr sh dd …" of the mapping that starts at `place`.
std::string vm_flags(const std::byte* place) {
  std::ostringstream start;
  start << std::hex << reinterpret_cast<std::uintptr_t>(place) << '-';
  std::ifstream smaps("/proc/self/smaps");
  bool here = false;
  for (std::string line; std::getline(smaps, line);) {
    if (line.starts_with(start.str())) here = true;
    if (here && line.starts_with("VmFlags:")) return line;
  }
  return {};
}

TEST(SegmentTest, TwoMappingsShareTheirBytesWithoutAName) {
  const auto fd = create_segment("test", kSize);
  const Mapping own(fd.get(), Access::read_write);
  const Mapping others(fd.get(), Access::read_only);
  ASSERT_EQ(own.bytes().size(), kSize);
  ASSERT_NE(own.bytes().data(), others.bytes().data());

  own.bytes()[kSize - 1] = std::byte{42};

  EXPECT_EQ(others.bytes()[kSize - 1], std::byte{42});
  const auto link = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd.get()));
  EXPECT_EQ(link, "/memfd:test (deleted)") << "a name could be left behind";
}

TEST(SegmentTest, StartsAsZeroes) {
  const Mapping sut(create_segment("test", kSize).get(), Access::read_only);
  EXPECT_TRUE(std::ranges::all_of(sut.bytes(), [](std::byte b) { return b == std::byte{0}; }));
}

TEST(SegmentTest, OnceSealedItCannotBeMappedWritableAgain) {
  const auto fd = create_segment("test", kSize);
  const Mapping own(fd.get(), Access::read_write);

  seal_future_writes(fd.get());

  try {
    const Mapping late(fd.get(), Access::read_write);
    ADD_FAILURE() << "mapped writable after the seal";
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code().value(), EPERM);
  }
  EXPECT_NE(::pwrite(fd.get(), "x", 1, 0), 1);
  const auto again = "/proc/self/fd/" + std::to_string(fd.get());
  const FileDescriptor reopened(::open(again.c_str(), O_RDWR | O_CLOEXEC));
  EXPECT_THROW(Mapping(reopened.get(), Access::read_write), std::system_error);
  own.bytes()[0] = std::byte{7};  // the mapping that was there before stays writable
  EXPECT_EQ(Mapping(fd.get(), Access::read_only).bytes()[0], std::byte{7});
}

TEST(SegmentTest, ItsSizeIsFinal) {
  const auto fd = create_segment("test", kSize);
  EXPECT_NE(::ftruncate(fd.get(), kSize / 2), 0);
  EXPECT_NE(::ftruncate(fd.get(), kSize * 2), 0);
}

TEST(SegmentTest, AReadOnlyMappingIsReadOnlyForGood) {
  const auto fd = create_segment("test", kSize);
  const Mapping own(fd.get(), Access::read_write);
  seal_future_writes(fd.get());
  const Mapping others(fd.get(), Access::read_only);
  EXPECT_TRUE(is_writable(own.bytes().data()));
  EXPECT_FALSE(is_writable(others.bytes().data()));
  EXPECT_NE(::mprotect(others.bytes().data(), kSize, PROT_READ | PROT_WRITE), 0);
}

TEST(SegmentTest, StaysOutOfCoreDumpsAndForkedChildren) {
  const Mapping sut(create_segment("test", kSize).get(), Access::read_write);
  const auto flags = vm_flags(sut.bytes().data());
  EXPECT_NE(flags.find(" dd"), std::string::npos) << flags;
  EXPECT_NE(flags.find(" dc"), std::string::npos) << flags;
}

TEST(SegmentTest, CostsOnlyThePagesThatAreTouched) {
  const auto fd = create_segment("test", std::size_t{8} << 30);
  const Mapping sut(fd.get(), Access::read_write);
  sut.bytes()[std::size_t{4} << 30] = std::byte{1};
  struct stat info {};
  ASSERT_EQ(::fstat(fd.get(), &info), 0);
  EXPECT_GT(info.st_blocks, 0);
  EXPECT_LT(info.st_blocks, (4 << 20) / 512) << "blocks of 512 bytes";
}

TEST(SegmentTest, MemoryOfThisProcessMayBeLargerThanTheMachine) {
  const auto sut = Mapping::anonymous(std::size_t{1} << 40);
  sut.bytes()[std::size_t{1} << 39] = std::byte{1};
}

TEST(SegmentTest, AMovedMappingStaysWhereItIs) {
  Mapping from(create_segment("test", kSize).get(), Access::read_write);
  auto* const data = from.bytes().data();
  const Mapping sut(std::move(from));
  EXPECT_EQ(sut.bytes().data(), data);
  data[0] = std::byte{1};
}

TEST(SegmentTest, ABadDescriptorIsAnErrorAndNoCrash) {
  EXPECT_THROW(Mapping(-1, Access::read_only), std::system_error);
  const FileDescriptor null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  EXPECT_THROW(Mapping(null.get(), Access::read_only), std::system_error);
}

long faults_of_this_thread() {
  rusage usage{};
  ::getrusage(RUSAGE_THREAD, &usage);
  return usage.ru_minflt;
}

TEST(SegmentTest, WhatWasPrefaultedFaultsNoMoreAndKeepsItsContent) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer's own memory faults, too";
#endif
  constexpr std::size_t kLarge = 256 << 12;
  const auto sut = Mapping::anonymous(2 * kLarge);
  const auto touch = [&](std::size_t from) {
    const auto before = faults_of_this_thread();
    for (std::size_t at = from; at < from + kLarge; at += 4096) sut.bytes()[at] = std::byte{1};
    return faults_of_this_thread() - before;
  };
  if (touch(0) == 0) GTEST_SKIP() << "fresh memory does not fault here";
  errno = 0;
  prefault(sut.bytes());
  if (errno == EINVAL) GTEST_SKIP() << "this kernel cannot";
  EXPECT_EQ(sut.bytes()[0], std::byte{1});
  EXPECT_EQ(touch(kLarge), 0);
}

TEST(SegmentTest, WhatWasMappedInIsReadWithoutAFault) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer's own memory faults, too";
#endif
  constexpr std::size_t kLarge = 256 << 12;
  const auto fd = create_segment("pages", 2 * kLarge);
  const Mapping written(fd.get(), Access::read_write);
  std::ranges::fill(written.bytes(), std::byte{7});
  const Mapping sut(fd.get(), Access::read_only);
  const auto read = [&](std::size_t from) {
    const auto before = faults_of_this_thread();
    for (std::size_t at = from; at < from + kLarge; at += 4096) {
      EXPECT_EQ(sut.bytes()[at], std::byte{7});
    }
    return faults_of_this_thread() - before;
  };
  if (read(0) == 0) GTEST_SKIP() << "a fresh mapping does not fault here";
  errno = 0;
  map_in(sut.bytes().subspan(kLarge + 5, kLarge - 5));
  if (errno == EINVAL) GTEST_SKIP() << "this kernel cannot";
  EXPECT_EQ(read(kLarge), 0);
}

}  // namespace
}  // namespace vcengine::wire
