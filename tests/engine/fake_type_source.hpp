/// Block types for tests of the check, without plugins.
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "engine/circuit/circuit_check.hpp"

namespace vcengine {

inline PortInfo port(PortRole role, std::string name, TypeName type) {
  PortInfo info;
  info.name = std::move(name);
  info.role = role;
  info.type = std::move(type);
  return info;
}
inline PortInfo in(std::string name, TypeName type) {
  return port(PortRole::in, std::move(name), std::move(type));
}
inline PortInfo optional_in(std::string name, TypeName type) {
  auto info = in(std::move(name), std::move(type));
  info.optional = true;
  return info;
}
inline PortInfo inputs(std::string name, TypeName type) {
  auto info = in(std::move(name), std::move(type));
  info.many = true;
  return info;
}
inline PortInfo latest(std::string name, TypeName type) {
  return port(PortRole::latest, std::move(name), std::move(type));
}
inline PortInfo out(std::string name, TypeName type) {
  return port(PortRole::out, std::move(name), std::move(type));
}
inline PortInfo out_same_as(std::string name, std::string input) {
  auto info = out(std::move(name), "any");
  info.same_as = std::move(input);
  return info;
}

inline PortInfo delayed_out(std::string name, TypeName type, std::uint32_t frames) {
  auto info = out(std::move(name), std::move(type));
  info.delayed = frames;
  return info;
}

inline ParamInfo param(std::string name, ParamKind kind, ParamValue init) {
  ParamInfo info;
  info.name = std::move(name);
  info.kind = kind;
  info.init = std::move(init);
  return info;
}
inline ParamInfo integer_param(std::string name, std::int64_t min, std::int64_t max,
                               std::string doc = {}) {
  auto info = param(std::move(name), ParamKind::integer, min);
  info.min = min;
  info.max = max;
  info.doc = std::move(doc);
  return info;
}

class FakeTypeSource final : public TypeSource {
 public:
  BlockInfo& add(std::string type, std::vector<PortInfo> ports,
                 std::vector<ParamInfo> params = {}) {
    auto& entry = entries_[type];
    entry.info.type = std::move(type);
    entry.info.ports = std::move(ports);
    entry.info.params = std::move(params);
    return entry.info;
  }

  const CatalogEntry* find(const std::string& type) const override {
    const auto found = entries_.find(type);
    return found == entries_.end() ? nullptr : &found->second;
  }
  std::vector<std::string> type_names() const override {
    std::vector<std::string> names;
    for (const auto& [name, entry] : entries_) names.push_back(name);
    return names;
  }
  std::vector<std::string> searched_folders() const override { return {"/one", "/two words"}; }

  /// As many outputs as the setting "count" says, called "out0", "out1" …
  BlockInfo describe(const std::string& type, const Settings& settings) override {
    auto info = entries_.at(type).info;
    for (const auto& [name, value] : settings) {
      if (name != "count") continue;
      if (std::get<std::int64_t>(value) == 13) throw std::runtime_error("thirteen brings bad luck");
      for (std::int64_t i = 0; i < std::get<std::int64_t>(value); ++i) {
        info.ports.push_back(out("out" + std::to_string(i), "number"));
      }
    }
    return info;
  }

 private:
  std::map<std::string, CatalogEntry> entries_;
};

/// The types that most tests need.
inline FakeTypeSource usual_types() {
  FakeTypeSource types;
  types.add(
      "io.video_file", {out("frames", "image/bgr8")},
      {param("path", ParamKind::path, std::string{}), param("loop", ParamKind::boolean, false),
       param("title", ParamKind::text, std::string{}),
       param("pause", ParamKind::duration, std::int64_t{0})});
  types.add("io.camera", {out("frames", "image/bgr8")}).traits.live = true;
  types.add("vision.edge_detector", {in("image", "image/bgr8"), out("edges", "image/gray8")},
            {integer_param("low", 0, 1000, "Gradients below this are never edges"),
             integer_param("high", 0, 1000)});
  types.add("io.screen", {in("image", "image")});
  types.add("vision.overlay",
            {in("base", "image"), in("mask", "image/gray8"), out("result", "image/bgr8")});
  types.add("flow.pass", {in("in", "any"), out_same_as("out", "in")});
  types.add("flow.merge", {inputs("images", "image"), out("result", "image")});
  types.add("control.pid",
            {latest("target", "number"), in("value", "number"), out("out", "number")});
  types.add("control.constant", {out("value", "number")});
  types.add("control.sampler", {latest("value", "number"), out("out", "number")});
  types.add("core.null", {in("in", "any")});
  types.add("io.stereo", {out("left", "image"), out("right", "image")}).traits.live = true;
  types.add("flow.join", {in("a", "any"), in("b", "any"), out("out", "any")});
  types.add("flow.optional_join", {in("a", "any"), optional_in("b", "any"), out("out", "any")});
  types.add("flow.split", {in("in", "any"), out("left", "any"), out("right", "any")});
  types.add("flow.hold", {in("in", "any"), latest("value", "any"), out("out", "any")});
  types.add("vision.smooth", {in("in", "any"), delayed_out("out", "any", 2)});
  types.add("vision.blend", {in("a", "any"), in("b", "any"), delayed_out("out", "any", 1)});
  types.add("vision.tracker",
            {in("a", "any"), in("b", "any"), out("now", "any"), delayed_out("late", "any", 2)});
  types.add("vision.archive", {in("in", "any"), delayed_out("out", "any", 70)});
  types.add("script.any", {}, {integer_param("count", 0, 100)}).dynamic = true;
  return types;
}

}  // namespace vcengine
