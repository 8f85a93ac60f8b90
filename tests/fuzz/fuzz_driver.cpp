// Runs a target without libFuzzer: the files of its corpus, then inputs made of random bytes and of
// changed files, the same ones each time. For the ordinary tests; who searches uses `tools/dev
// fuzz`.
//
//   fuzz_NAME [CORPUS [COUNT]]   a file instead of the folder is run alone
//
// An input that ends the process is left in the file crash-NAME of the current folder.
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "tests/fuzz/fuzz_input.hpp"

#if defined(__SANITIZE_ADDRESS__)
extern "C" void __sanitizer_set_death_callback(void (*)());
#endif

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kLongest = 1024;

// For the signal handler.
std::string crash_file;
Bytes current;

void keep_input() {
  const int file = ::open(crash_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (file >= 0 && ::write(file, current.data(), current.size()) >= 0) {
    constexpr std::string_view kText = "the input is left in ";
    static_cast<void>(!::write(STDERR_FILENO, kText.data(), kText.size()));
    static_cast<void>(!::write(STDERR_FILENO, crash_file.data(), crash_file.size()));
    static_cast<void>(!::write(STDERR_FILENO, "\n", 1));
  }
}

void on_signal(int number) {
  keep_input();
  ::signal(number, SIG_DFL);
  ::raise(number);
}

void watch_for_crashes() {
  ::signal(SIGABRT, on_signal);
#if defined(__SANITIZE_ADDRESS__)  // reports the others itself
  __sanitizer_set_death_callback(keep_input);
#else
  for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL}) ::signal(number, on_signal);
#endif
}

void run(Bytes input) {
  current = std::move(input);
  LLVMFuzzerTestOneInput(current.data(), current.size());
}

std::vector<Bytes> read_corpus(const std::filesystem::path& path) {
  std::vector<std::filesystem::path> files;
  if (std::filesystem::is_directory(path)) {
    for (const auto& entry : std::filesystem::directory_iterator(path))
      files.push_back(entry.path());
    std::ranges::sort(files);  // the same order everywhere
  } else if (std::filesystem::exists(path)) {
    files.push_back(path);
  }
  std::vector<Bytes> corpus;
  for (const auto& file : files) {
    std::ifstream stream(file, std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  }
  return corpus;
}

class Maker {
 public:
  explicit Maker(const std::vector<Bytes>& corpus) : corpus_(corpus) {}

  Bytes make() {
    if (corpus_.empty() || below(4) == 0) return random();
    auto input = corpus_[below(corpus_.size())];
    for (auto changes = 1 + below(4); changes > 0; --changes) change(input);
    return input;
  }

 private:
  std::size_t below(std::size_t count) { return random_() % count; }
  std::uint8_t byte() { return static_cast<std::uint8_t>(random_()); }

  Bytes random() {
    Bytes input(below(kLongest + 1));
    for (auto& one : input) one = byte();
    return input;
  }

  void change(Bytes& input) {
    const auto at = below(input.size() + 1);
    const auto place = input.begin() + static_cast<std::ptrdiff_t>(at);
    const auto length = std::min(below(32), input.size() - at);
    const auto end = place + static_cast<std::ptrdiff_t>(length);
    switch (below(5)) {
      case 0:
        if (at < input.size()) *place = byte();
        break;
      case 1:
        input.insert(place, byte());
        break;
      case 2:
        input.erase(place, end);
        break;
      case 3: {
        const Bytes copy(place, end);
        input.insert(input.begin() + static_cast<std::ptrdiff_t>(below(input.size() + 1)),
                     copy.begin(), copy.end());
        break;
      }
      default:
        input.resize(at);
    }
  }

  const std::vector<Bytes>& corpus_;
  std::mt19937_64 random_{1};
};

}  // namespace

int main(int argc, char** argv) {
  crash_file = "crash-" + std::filesystem::path(argv[0]).filename().string();
  watch_for_crashes();
  const std::filesystem::path path = argc > 1 ? argv[1] : "";
  int count = 5000;
  if (argc > 2) {
    const std::string_view text = argv[2];
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc() || end != text.data() + text.size()) {
      std::fprintf(stderr, "fuzz: '%s' is no number of inputs\n", argv[2]);
      return 2;
    }
  }
  const auto corpus = read_corpus(path);
  for (const auto& input : corpus) run(input);
  if (argc > 1 && std::filesystem::is_regular_file(path)) return 0;
  Maker maker(corpus);
  for (int i = 0; i < count; ++i) run(maker.make());
  std::printf("%zu inputs of the corpus and %d others\n", corpus.size(), count);
  return 0;
}
