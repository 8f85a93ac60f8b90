/// generate_blocks FOLDER VCENGINE_NEW SEED BLOCKS PLUGINS: declares BLOCKS blocks with random
/// ports, types and settings, has `vcengine new block` write each into FOLDER, and gathers them in
/// the sources plugin_0.cpp … of PLUGINS plugins, for compiling each on its own would take minutes.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  // Not std::uniform_int_distribution, whose numbers each library draws in its own way.
  unsigned below(unsigned end) { return static_cast<unsigned>(engine_() % end); }
  bool chance(unsigned percent) { return below(100) < percent; }
  template <class List>
  std::string of(const List& list) {
    return list[below(static_cast<unsigned>(std::size(list)))];
  }

 private:
  std::mt19937 engine_;
};

constexpr const char* kTypes[] = {"Bgr8",       "Gray8",     "Image",      "Number",     "Text",
                                  "Bytes",      "Array<u8>", "Array<f32>", "Array<i64>", "Bgr8",
                                  "Array<f64>", "Number",    "Gray8"};
constexpr const char* kParams[] = {":int:-5..5=1",
                                   ":int:0..1000",
                                   ":int",
                                   ":float:0.5..4=1.5",
                                   ":double=-0.25",
                                   ":bool=true",
                                   ":bool",
                                   ":text:fast|exact|both=exact",
                                   ":text=hello",
                                   ":path=model.onnx",
                                   ":duration:0s..10s=50ms",
                                   ":duration=2s"};

std::string quoted(const std::string& word) { return " '" + word + "'"; }

std::string arguments(Dice& dice, const std::string& name) {
  std::string line = " block" + quoted(name) + " --family gen --doc 'Generated'";
  const auto inputs = dice.below(4);
  for (unsigned i = 0; i < inputs; ++i) {
    const auto input = "in_" + std::to_string(i) + ":";
    const auto type = dice.chance(8) ? "Any" : dice.of(kTypes);
    const bool first = i == 0;  // triggers
    const char* role = first || dice.chance(55) ? ""
                       : dice.chance(40)        ? ":latest"
                       : dice.chance(50)        ? ":optional"
                                                : ":many";
    line += " --in" + quoted(input + type + role);
  }
  const auto outputs = dice.below(4) + (inputs == 0 ? 1 : 0);
  for (unsigned i = 0; i < outputs; ++i) {
    const auto output = "out_" + std::to_string(i) + ":";
    const bool forwards = inputs > 0 && dice.chance(10);
    line += " --out" + quoted(output + (forwards ? "SameAs:in_0" : dice.of(kTypes)));
  }
  const auto params = dice.below(6);
  for (unsigned i = 0; i < params; ++i) {
    line += " --param" + quoted("set_" + std::to_string(i) + dice.of(kParams));
  }
  return line;
}

void write(const fs::path& file, const std::string& text) {
  std::ofstream out(file);
  if (!(out << text).flush()) throw std::runtime_error("cannot write " + file.string());
}

/// Each block's own entry becomes a function; the plugin's entry calls them all.
std::string plugin_source(const std::vector<std::string>& sources) {
  std::string text =
      "#include <opencv2/imgproc.hpp>\n#include <vcengine/block.hpp>\n"
      "#include <vcengine/image.hpp>\n#pragma push_macro(\"VCENGINE_PLUGIN\")\n"
      "#undef VCENGINE_PLUGIN\n";
  std::string calls;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const auto function = "register_" + std::to_string(i);
    text += "#define VCENGINE_PLUGIN(registry) static void " + function +
            "(::vcengine::Registry& registry)\n#include \"" + sources[i] +
            "\"\n#undef VCENGINE_PLUGIN\n";
    calls += "  " + function + "(registry);\n";
  }
  return text +
         "#pragma pop_macro(\"VCENGINE_PLUGIN\")\n"
         "VCENGINE_PLUGIN(registry) {\n" +
         calls + "}\n";
}

int generate(const fs::path& folder, const std::string& tool, unsigned seed, unsigned blocks,
             unsigned plugins) {
  fs::remove_all(folder);
  fs::create_directories(folder);
  Dice dice(seed);
  std::vector<std::vector<std::string>> sources(plugins);
  std::string names;
  for (unsigned i = 0; i < blocks; ++i) {
    const auto name = "block_" + std::to_string(i);
    const auto command =
        "'" + tool + "'" + arguments(dice, name) + " --folder" + quoted(folder) + " >/dev/null";
    if (std::system(command.c_str()) != 0) {
      std::cerr << "failed: " << command << '\n';
      return 1;
    }
    for (const auto* part : {"", "_feed"}) {
      const auto source = name + "/" + name + part + ".cpp";
      if (fs::exists(folder / source)) sources[i % plugins].push_back(source);
    }
    names += name + "\n";
  }
  write(folder / "names", names);
  for (unsigned i = 0; i < plugins; ++i) {
    write(folder / ("plugin_" + std::to_string(i) + ".cpp"), plugin_source(sources[i]));
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    std::cerr << "usage: generate_blocks FOLDER VCENGINE_NEW SEED BLOCKS PLUGINS\n";
    return 2;
  }
  try {
    const auto number = [&](int i) { return static_cast<unsigned>(std::stoul(argv[i])); };
    return generate(argv[1], argv[2], number(3), number(4), number(5));
  } catch (const std::exception& error) {
    std::cerr << "generate_blocks: " << error.what() << '\n';
    return 1;
  }
}
