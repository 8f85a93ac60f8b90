#include "tests/processes/support/display.hpp"

#include <xcb/xcb.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

namespace vcengine::test {

namespace {

template <class T>
std::unique_ptr<T, decltype(&std::free)> freed(T* reply) {
  return {reply, &std::free};
}

xcb_atom_t atom(xcb_connection_t* x, std::string_view name) {
  const auto cookie = xcb_intern_atom(x, 0, static_cast<std::uint16_t>(name.size()), name.data());
  const auto reply = freed(xcb_intern_atom_reply(x, cookie, nullptr));
  if (!reply) throw std::runtime_error("X does not answer");
  return reply->atom;
}

}  // namespace

std::unique_ptr<Display> Display::open() {
  if (!std::filesystem::exists("/usr/bin/Xvfb") || !std::filesystem::exists("/usr/bin/xdotool")) {
    return nullptr;
  }
  return std::make_unique<Display>(Command{
      .argv = {"Xvfb", "-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"},
      .environment = {}});
}

Display::Display(const Command& server) : server_(server) {
  server_.wait_for_output("\n");
  name_ = ":" + server_.output().substr(0, server_.output().find('\n'));
}

Result Display::xdotool(std::vector<std::string> arguments) const {
  arguments.insert(arguments.begin(), "xdotool");
  return run({.argv = std::move(arguments), .environment = {{"DISPLAY", name_}}});
}

bool Display::has_window(const std::string& title) const {
  return !xdotool({"search", "--name", "^" + title + "$"}).output.empty();
}

std::string Display::window(const std::string& title) const {
  std::string found;
  const bool there = eventually([&] {
    // It gives up on a window that goes away while it looks around: then it is asked again.
    found = xdotool({"search", "--name", "^" + title + "$"}).output;
    return !found.empty();
  });
  if (!there) throw std::runtime_error("no window '" + title + "'");
  return found.substr(0, found.find('\n'));
}

/// xdotool's status says nothing: it complains if the window is gone before the key is let go.
void Display::press(const std::string& key, const std::string& title) const {
  xdotool({"key", "--window", window(title), key});
}

void Display::close(const std::string& title) const {
  const auto id = static_cast<std::uint32_t>(std::stoul(window(title)));
  const std::unique_ptr<xcb_connection_t, decltype(&xcb_disconnect)> x(
      xcb_connect(name_.c_str(), nullptr), &xcb_disconnect);
  xcb_client_message_event_t event{};
  event.response_type = XCB_CLIENT_MESSAGE;
  event.format = 32;
  event.window = id;
  event.type = atom(x.get(), "WM_PROTOCOLS");
  event.data.data32[0] = atom(x.get(), "WM_DELETE_WINDOW");
  xcb_send_event(x.get(), 0, id, XCB_EVENT_MASK_NO_EVENT, reinterpret_cast<const char*>(&event));
  freed(xcb_get_input_focus_reply(x.get(), xcb_get_input_focus(x.get()),
                                  nullptr));  // it is there now
}

}  // namespace vcengine::test
