/// What comes over a control socket and is no message.
#include "engine/control/channel.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>

namespace vcengine {
namespace {

/// A packet of these bytes and one descriptor.
void send_packet(const Channel& channel, std::string_view bytes, int descriptor) {
  iovec part{.iov_base = const_cast<char*>(bytes.data()), .iov_len = bytes.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof descriptor)> control{};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control.data();
  header.msg_controllen = control.size();
  auto* rights = CMSG_FIRSTHDR(&header);
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN(sizeof descriptor);
  std::memcpy(CMSG_DATA(rights), &descriptor, sizeof descriptor);
  ASSERT_EQ(::sendmsg(channel.fd(), &header, 0), static_cast<ssize_t>(bytes.size()));
}

// It was taken for the end of the other side, and what came with it stayed open.
TEST(ChannelTest, WhatComesWithAnEmptyPacketIsClosed) {
  const auto [sut, other] = Channel::make();
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK), 0);
  const FileDescriptor out(ends[0]);
  {
    const FileDescriptor in(ends[1]);
    send_packet(other, "", in.get());
  }
  bool closed = false;
  EXPECT_FALSE(sut.try_receive(closed));
  char byte = 0;
  EXPECT_EQ(::read(out.get(), &byte, 1), 0) << "nobody has the pipe's other end any more";
}

}  // namespace
}  // namespace vcengine
