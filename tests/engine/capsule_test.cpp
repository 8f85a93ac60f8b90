/// Capsules without a circuit: a pool, a reader that stops in the middle of a call, and what a
/// worker makes of the capsule of that.
#include "engine/capsule/capsule.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <future>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "engine/capsule/capsule_folder.hpp"
#include "engine/capsule/capsule_recorder.hpp"
#include "engine/capsule/held_frame.hpp"
#include "engine/capsule/rerun_set_up.hpp"
#include "tests/engine/temporary_folder.hpp"
#include "tests/sdk/test_pool.hpp"

namespace vcengine {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using wire::Mapping;
using wire::RingReader;
using Clock = CapsuleRecorder::Clock;
using Status = RingReader::Status;

std::string contains(const std::vector<std::string>& notes, std::string_view part) {
  for (const auto& note : notes) {
    if (note.find(part) != note.npos) return note;
  }
  return {};
}

/// A pool whose one reader is about to die.
struct Wire {
  explicit Wire(wire::ReaderSpec spec = {}, wire::PoolConfig config = {}) : pool({spec}, config) {}

  std::uint64_t publish() { return wire::publish_next(*pool.writer); }
  FrameRef take() { return wire::take_one(*pool.readers[0]).value(); }

  std::span<const std::byte> ring() const { return pool.memory->control.bytes(); }
  std::span<const std::byte> reader() const { return pool.memory->readers[0].bytes(); }

  /// As a host knows its memory: by a descriptor. What is in it now.
  Scene::Memory memory() {
    const auto bytes = pool.memory->payload.bytes();
    payload = wire::create_segment("test", bytes.size());
    std::ranges::copy(bytes, Mapping(payload.get(), wire::Access::read_write).bytes().begin());
    return {.file = payload.get(),
            .origin = pool.payload().origin,
            .slots = pool.config.slots(),
            .stride = pool.config.stride()};
  }
  Scene::Input input(bool latest = false) {
    return {.port = "in",
            .latest = latest,
            .feedback = false,
            .ring = ring(),
            .reader = reader(),
            .pool = memory(),
            .origins = {}};
  }

  wire::TestPool pool;
  FileDescriptor payload;
};

/// What a worker maps of a rerun with one input and, maybe, one output.
struct MappedRerun {
  explicit MappedRerun(const Capsule& capsule) {
    const RerunSetUp set_up(capsule, {.eventfds = false, .limits = true});
    auto [host, worker] = Channel::make();
    set_up.send_all(host);
    load = worker.receive().value().body;
    const auto own = worker.receive().value();
    const auto others = worker.receive().value();
    start = worker.receive().value().body;
    std::size_t next = 0;
    const auto map = [&](const Message& message, wire::Access access) {
      return Mapping(message.descriptors.at(next++).get(), access);
    };
    status = map(own, wire::Access::read_write);
    for (std::size_t i = 0; i < capsule.outputs.size(); ++i) {
      output_ring = map(own, wire::Access::read_write);
      output_payload = map(own, wire::Access::read_write);
    }
    page = map(own, wire::Access::read_write);
    next = 0;
    host_page = map(others, wire::Access::read_only);
    ring = map(others, wire::Access::read_only);
    payload = map(others, wire::Access::read_only);
    for (const auto& origin : capsule.inputs.at(0).origins) {
      origins.push_back(map(others, wire::Access::read_only));
      views.push_back({.origin = origin.origin,
                       .bytes = origins.back().bytes(),
                       .slots = origin.slots,
                       .stride = origin.stride});
    }
    reader = std::make_shared<RingReader>(wire::reader_page(page.bytes()),
                                          std::span<const std::byte>(ring.bytes()), payload.bytes(),
                                          wire::host_page(host_page.bytes()).wire()[0], doorbell);
    for (const auto& view : views) reader->add_origin(view);
  }

  JsonObject load, start;
  Mapping status, page, host_page, ring, payload, output_ring, output_payload;
  std::vector<Mapping> origins;
  std::vector<wire::PayloadView> views;
  wire::CountingDoorbell doorbell;
  std::shared_ptr<RingReader> reader;
};

class CapsuleTest : public ::testing::Test {
 protected:
  CapsuleTest() { wire::init_status_page(status_.bytes()); }

  fs::path capsules() const { return folder_.path() / "capsules"; }

  Capsule facts(const std::string& block = "detect") const {
    Capsule capsule;
    capsule.made_by = "vcengine test";
    capsule.circuit = "edges";
    capsule.block = block;
    capsule.type = "vision.edge_detector";
    capsule.plugin = "/plugins/edges.so";
    capsule.build_id = "0123";
    capsule.death = {.how = "hang", .frame = 2, .text = "it hangs", .backtrace = {}};
    capsule.log = {"a line", "another"};
    capsule.load = {{"op", "load"}, {"params", JsonArray()}};
    capsule.env = {{"LANG", "C"}};
    capsule.timeout = 2s;
    capsule.running = 3s;
    return capsule;
  }

  Scene scene_of(Scene::Input input) const {
    return {.status = status_.bytes(), .inputs = {std::move(input)}, .outputs = {}};
  }

  /// The capsule as it is read from the disk.
  Capsule record(const Scene& scene) {
    CapsuleRecorder recorder(CapsuleFolder(capsules()), {});
    recorder.begin(facts(), scene, {}, Clock::now());
    const auto notes = recorder.finish();
    const auto note = contains(notes, "vcengine rerun ");
    EXPECT_FALSE(note.empty()) << ::testing::PrintToString(notes);
    return read_capsule(note.substr(note.rfind(' ') + 1));
  }

  std::set<std::string> names() const {
    std::set<std::string> found;
    for (const auto& entry : fs::directory_iterator(capsules())) {
      found.insert(entry.path().filename().string());
    }
    return found;
  }

  TemporaryFolder folder_;
  Mapping status_ = Mapping::anonymous(sizeof(wire::StatusPage));
};

}  // namespace

TEST_F(CapsuleTest, TheFrameOfTheCallIsTheOneThatWasTakenAndNotWorkedOn) {
  Wire sut;
  sut.publish();
  sut.publish();
  const auto before = frame_of_call(sut.reader(), false);
  {
    const auto first = sut.take();
    sut.pool.readers[0]->complete();
    const auto kept_after_its_call = frame_of_call(sut.reader(), false);
    EXPECT_EQ(std::nullopt, kept_after_its_call);
  }
  const auto second = sut.take();
  EXPECT_EQ(std::nullopt, before);
  EXPECT_EQ(2U, frame_of_call(sut.reader(), false));
}

TEST_F(CapsuleTest, ALatestHasItsNewestFrameInEveryCall) {
  Wire sut({.policy = wire::Policy::drop_oldest});
  sut.publish();
  const auto newest = sut.take();
  sut.pool.readers[0]->complete();
  EXPECT_EQ(1U, frame_of_call(sut.reader(), true));
}

TEST_F(CapsuleTest, TheRerunTakesTheSameFrameAndThenItsWireEnds) {
  Wire wire;
  wire.publish();
  wire.publish();
  wire.take();
  wire.pool.readers[0]->complete();
  const auto held = wire.take();
  wire.publish();  // behind it, and not of this call
  const auto capsule = record(scene_of(wire.input()));
  MappedRerun sut(capsule);
  EXPECT_EQ(2U, sut.reader->unfinished());
  ASSERT_TRUE(sut.reader->can_take_again());
  sut.reader->take_again();
  const auto again = wire::take_one(*sut.reader);
  ASSERT_TRUE(again);
  EXPECT_EQ(2U, again->header().sequence);
  EXPECT_EQ(held.header().stamp, again->header().stamp);
  EXPECT_TRUE(wire::is_intact(*again, 2));
  FrameHeader next;
  EXPECT_EQ(Status::ended, sut.reader->peek(next));
}

TEST_F(CapsuleTest, WhatIsKnownOfTheDeathComesBackFromTheDisk) {
  Wire wire;
  wire.publish();
  const auto held = wire.take();
  const auto capsule = record(scene_of(wire.input()));
  EXPECT_EQ("edges", capsule.circuit);
  EXPECT_EQ("detect", capsule.block);
  EXPECT_EQ("/plugins/edges.so", capsule.plugin);
  EXPECT_EQ("0123", capsule.build_id);
  EXPECT_EQ("it hangs", capsule.death.text);
  EXPECT_EQ((std::vector<std::string>{"a line", "another"}), capsule.log);
  EXPECT_EQ("C", capsule.env.at("LANG"));
  EXPECT_EQ(2s, capsule.timeout);
  const MappedRerun sut(capsule);
  EXPECT_EQ(true, sut.load.at("retry"));
  EXPECT_EQ("0123", sut.load.at("build_id"));
  EXPECT_TRUE(sut.start.contains("rerun"));
}

TEST_F(CapsuleTest, ADropOldestWireGivesTheFrameThatWasHeldAndNotANewerOne) {
  Wire wire({.policy = wire::Policy::drop_oldest});
  wire.publish();
  const auto held = wire.take();
  for (int i = 0; i < 3; ++i) wire.publish();
  MappedRerun sut(record(scene_of(wire.input())));
  ASSERT_TRUE(sut.reader->can_take_again());
  sut.reader->take_again();
  EXPECT_EQ(1U, wire::take_one(*sut.reader)->header().sequence);
}

TEST_F(CapsuleTest, ALatestHasTheValueThatItHad) {
  Wire wire({.policy = wire::Policy::drop_oldest});
  wire.publish();
  wire.publish();
  const auto held = wire.take();
  wire.pool.readers[0]->complete();
  wire.publish();
  MappedRerun sut(record(scene_of(wire.input(true))));
  sut.reader->lose_unfinished();
  sut.reader->let_go_inherited();
  sut.reader->take_newest_again();
  const auto again = wire::take_one(*sut.reader);
  ASSERT_TRUE(again);
  EXPECT_EQ(held.header().sequence, again->header().sequence);
  EXPECT_TRUE(wire::is_intact(*again, held.header().sequence));
}

TEST_F(CapsuleTest, AnInputWithoutAFrameInTheCallHasNoneInTheRerun) {
  Wire wire;
  wire.publish();
  MappedRerun sut(record(scene_of(wire.input())));
  FrameHeader header;
  EXPECT_EQ(std::nullopt, sut.reader->unfinished());
  EXPECT_EQ(Status::ended, sut.reader->peek(header));
}

// A camera goes on while a block hangs: two seconds later its entry is gone from the ring.
TEST_F(CapsuleTest, AnEntryThatWasOverwrittenIsRestoredIfAllFramesAreAlike) {
  Wire wire({.policy = wire::Policy::drop_oldest});
  wire.publish();
  const auto held = wire.take();
  for (std::uint32_t i = 0; i < 2 * wire.pool.config.ring_size(); ++i) wire.publish();
  MappedRerun sut(record(scene_of(wire.input())));
  sut.reader->take_again();
  const auto again = wire::take_one(*sut.reader);
  ASSERT_TRUE(again);
  EXPECT_EQ(1U, again->header().sequence);
  EXPECT_EQ(held.header().stamp, again->header().stamp);
  EXPECT_TRUE(wire::is_intact(*again, 1));
}

TEST_F(CapsuleTest, AnEntryThatWasOverwrittenIsSaidToBeGoneIfFramesDiffer) {
  Wire wire({.policy = wire::Policy::drop_oldest});
  wire.publish();
  const auto held = wire.take();
  for (std::uint32_t i = 0; i < 2 * wire.pool.config.ring_size(); ++i) wire.publish();
  wire.pool.entry(wire.pool.writer->head() - 1).shape.store(7);
  const auto capsule = record(scene_of(wire.input()));
  EXPECT_EQ(1U, capsule.inputs[0].frame);
  EXPECT_NE(capsule.inputs[0].left_out.npos, capsule.inputs[0].left_out.find("overwritten"));
  try {
    const RerunSetUp sut(capsule, {});
    FAIL() << "a rerun without its frame";
  } catch (const CapsuleError& error) {
    EXPECT_STREQ(
        "frame 1 of input 'in' is not in the capsule: its entry was overwritten, and those of "
        "later frames differ",
        error.what());
  }
}

TEST_F(CapsuleTest, AFrameThatWasSentOnIsCopiedFromWhereItIs) {
  Wire origin({}, {.pool = 1});
  Wire wire({}, {.pool = 2});
  origin.publish();
  wire.pool.writer->allow_forwarding({.origins = {origin.pool.payload().origin}, .frames = 4});
  wire.pool.readers[0]->add_origin(origin.pool.payload());
  {
    auto frame = origin.take();
    const auto header = frame.header();
    wire.pool.writer->forward(std::move(frame), header);
  }
  const auto held = wire.take();
  auto input = wire.input();
  input.origins.push_back(origin.memory());
  MappedRerun sut(record(scene_of(input)));
  sut.reader->take_again();
  const auto again = wire::take_one(*sut.reader);
  ASSERT_TRUE(again);
  EXPECT_TRUE(wire::is_intact(*again, 1));
}

TEST_F(CapsuleTest, WhatTheBlockPublishesGoesOnWithItsSequenceAndNothingIsPublishedYet) {
  Wire wire, output;
  wire.publish();
  output.publish();
  output.publish();
  const auto held = wire.take();
  auto scene = scene_of(wire.input());
  scene.outputs.push_back(
      {.port = "out", .tells_bound = false, .origins = {}, .forwarded = 0, .ring = output.ring()});
  MappedRerun mapped(record(scene));
  wire::RingWriter sut(wire::writer_page(mapped.output_ring.bytes()), mapped.output_payload.bytes(),
                       {}, mapped.doorbell);
  EXPECT_EQ(std::nullopt, sut.last_cause());
  EXPECT_EQ(3U, wire::publish_next(sut));
}

TEST_F(CapsuleTest, WithoutLimitsTheBlockMayNeedAllMemory) {
  Wire wire;
  wire.publish();
  const auto held = wire.take();
  auto capsule = record(scene_of(wire.input()));
  capsule.load["resources"] = JsonObject{{"memory", 1000}};
  for (const bool limits : {true, false}) {
    auto [host, worker] = Channel::make();
    RerunSetUp(capsule, {.eventfds = false, .limits = limits}).send_all(host);
    const auto load = worker.receive().value().body;
    EXPECT_EQ(limits, !load.at("resources").as_object().at("memory").is_null());
  }
}

TEST_F(CapsuleTest, FramesThatAreTooLargeAreLeftOutAndSaidToBe) {
  Wire wire;
  wire.publish();
  const auto held = wire.take();
  CapsuleRecorder sut(CapsuleFolder(capsules()), {.frames_bytes = 10});
  sut.begin(facts(), scene_of(wire.input()), {}, Clock::now());
  const auto note = contains(sut.finish(), "vcengine rerun ");
  const auto capsule = read_capsule(note.substr(note.rfind(' ') + 1));
  EXPECT_EQ("it has 512 bytes, too many for a capsule", capsule.inputs[0].left_out);
}

// The source line of a crash takes a tenth of a second, a slow disk longer.
TEST_F(CapsuleTest, OnceTheFramesAreCopiedNothingWaitsForTheRest) {
  Wire wire;
  wire.publish();
  const auto held = wire.take();
  std::promise<CrashInfo> crash;
  CapsuleRecorder sut(CapsuleFolder(capsules()), {.wait = 1h});
  sut.begin(facts(), scene_of(wire.input()), crash.get_future().share(), Clock::now());
  sut.finish_copying();
  EXPECT_FALSE(sut.hold_up("detect", Clock::now()));
  EXPECT_FALSE(fs::exists(capsules()));
  EXPECT_TRUE(sut.take_notes().empty());
  CrashInfo info;
  info.signal_name = "SIGSEGV";
  info.source_line = "edges.cpp:31";
  crash.set_value(info);
  const auto note = contains(sut.finish(), "vcengine rerun ");
  const auto capsule = read_capsule(note.substr(note.rfind(' ') + 1));
  EXPECT_EQ("SIGSEGV", capsule.death.how);
  EXPECT_NE(capsule.death.text.npos, capsule.death.text.find("edges.cpp:31"));
}

TEST_F(CapsuleTest, ACopyingThatTakesTooLongIsGivenUp) {
  constexpr std::uint64_t kSize = std::uint64_t{1} << 30;
  Wire wire;
  wire.publish();
  const auto held = wire.take();
  wire.pool.entry(1).size.store(kSize);
  const auto large = wire::create_segment("large", wire.pool.config.slots() * kSize);
  auto input = wire.input();
  input.pool.file = large.get();
  input.pool.stride = kSize;
  CapsuleRecorder sut(CapsuleFolder(capsules()), {.frames_bytes = kSize});
  const auto now = Clock::now();
  sut.begin(facts(), scene_of(input), {}, now);
  EXPECT_EQ(Clock::time_point::max(), sut.deadline()) << "nobody waits yet";
  EXPECT_FALSE(sut.hold_up("another", now));
  EXPECT_TRUE(sut.hold_up("detect", now + 3s));
  EXPECT_TRUE(sut.hold_up("detect", now + 4s));
  EXPECT_EQ(now + 3s + 100ms, sut.deadline());
  sut.look(sut.deadline());
  EXPECT_FALSE(sut.hold_up("detect", now + 5s));
  EXPECT_NE("", contains(sut.finish(), "no capsule of block detect: its frames could not be"));
  EXPECT_FALSE(fs::exists(capsules()));
}

TEST_F(CapsuleTest, ThereIsOneAtATimeAndOneOfABlockASecond) {
  Wire wire;
  wire.publish();
  const auto held = wire.take();
  const auto scene = scene_of(wire.input());
  std::promise<CrashInfo> crash;
  CapsuleRecorder sut(CapsuleFolder(capsules()), {});
  const auto now = Clock::now();
  sut.begin(facts("one"), scene, crash.get_future().share(), now);
  sut.begin(facts("two"), scene, {}, now);  // the first is being written
  crash.set_value({});
  EXPECT_EQ(2U, sut.finish().size());
  sut.begin(facts("one"), scene, {}, now + 999ms);  // too soon
  sut.begin(facts("two"), scene, {}, now + 999ms);
  sut.finish();
  sut.begin(facts("one"), scene, {}, now + 1s);
  sut.finish();
  const auto of = [&](const std::string& block) {
    return std::ranges::count_if(
        names(), [&](const std::string& name) { return name.starts_with("edges-" + block + "-"); });
  };
  EXPECT_EQ(2, of("one"));
  EXPECT_EQ(1, of("two"));
}

TEST_F(CapsuleTest, DeathsWithoutACapsuleAreCounted) {
  Wire wire;
  wire.publish();
  const auto held = wire.take();
  const auto scene = scene_of(wire.input());
  std::promise<CrashInfo> crash;
  CapsuleRecorder sut(CapsuleFolder(capsules()), {.wait = 1h});
  const auto now = Clock::now();
  sut.begin(facts(), scene, crash.get_future().share(), now);
  sut.begin(facts(), scene, {}, now);
  sut.begin(facts(), scene, {}, now);
  crash.set_value({});
  const auto notes = sut.finish();
  ASSERT_EQ(1U, notes.size());
  EXPECT_NE("",
            contains(notes, "capsule of block detect (2 more deaths have none): vcengine rerun "));
}

TEST_F(CapsuleTest, WithoutAFolderNothingIsCopied) {
  Wire wire;
  wire.publish();
  const auto held = wire.take();
  CapsuleRecorder sut(std::nullopt, {});
  sut.begin(facts(), scene_of(wire.input()), {}, Clock::now());
  EXPECT_FALSE(sut.hold_up("detect", Clock::now()));
  EXPECT_TRUE(sut.finish().empty());
}

class CapsuleFolderTest : public CapsuleTest {
 protected:
  CapsuleFolderTest() {
    wire_.publish();
    held_ = wire_.take();
    const auto path = fs::path(folder_.path() / "good");
    fs::create_directory(path);
    CapsuleRecorder recorder(CapsuleFolder(path), {});
    recorder.begin(facts(), scene_of(wire_.input()), {}, Clock::now());
    recorder.finish();
    good_ = fs::directory_iterator(path)->path();
  }

  /// Made so long ago.
  fs::path add(const CapsuleFolder& folder, std::chrono::hours ago) const {
    auto path = folder.add(read_capsule(good_));
    if (fs::exists(path)) fs::last_write_time(path, fs::file_time_type::clock::now() - ago);
    return path;
  }

  Wire wire_;
  FrameRef held_;
  fs::path good_;
};

TEST_F(CapsuleFolderTest, OnlyTheNewestAreKept) {
  const CapsuleFolder sut(capsules(), {.newest = 2});
  const auto oldest = add(sut, 3h), older = add(sut, 2h), newest = add(sut, 1h);
  EXPECT_EQ((std::set<std::string>{older.filename(), newest.filename()}), names());
}

TEST_F(CapsuleFolderTest, TheNewestTenAreKeptIfNobodySaysHowMany) {
  const CapsuleFolder sut(capsules());
  const auto oldest = add(sut, 11h);
  for (int ago = 10; ago > 0; --ago) add(sut, std::chrono::hours(ago));
  EXPECT_EQ(10U, names().size());
  EXPECT_FALSE(fs::exists(oldest));
}

TEST_F(CapsuleFolderTest, OnlyAsManyAreKeptAsAreNotTooLarge) {
  std::uint64_t size = 0;
  for (const auto& file : fs::directory_iterator(good_)) size += file.file_size();
  const CapsuleFolder sut(capsules(), {.all_bytes = 2 * size + 100});
  const auto oldest = add(sut, 3h), older = add(sut, 2h), newest = add(sut, 1h);
  EXPECT_EQ((std::set<std::string>{older.filename(), newest.filename()}), names());
}

TEST_F(CapsuleFolderTest, NothingButCapsulesIsRemoved) {
  const CapsuleFolder sut(capsules(), {.newest = 1});
  const auto touched = add(sut, 3h);
  std::ofstream(touched / "my notes.txt") << "why it died";
  fs::create_directories(capsules() / "photos.capsule");
  std::ofstream(capsules() / "letter.capsule") << "dear";
  fs::create_directories(capsules() / "folder");
  add(sut, 2h);
  const auto newest = add(sut, 1h);
  EXPECT_EQ((std::set<std::string>{touched.filename(), "photos.capsule", "letter.capsule", "folder",
                                   newest.filename()}),
            names());
  EXPECT_TRUE(fs::exists(touched / "my notes.txt"));
}

TEST_F(CapsuleFolderTest, WhatAHostLeftHalfWrittenIsRemovedAnHourLater) {
  const CapsuleFolder sut(capsules());
  const auto abandoned = capsules() / ".capsule-abcdef";
  const auto being_written = capsules() / ".capsule-ghijkl";
  fs::create_directories(abandoned);
  fs::create_directories(being_written);
  fs::last_write_time(abandoned, fs::file_time_type::clock::now() - 2h);
  add(sut, 1h);
  EXPECT_FALSE(fs::exists(abandoned));
  EXPECT_TRUE(fs::exists(being_written));
}

TEST_F(CapsuleFolderTest, FramesAreForTheEyesOfTheirUserAlone) {
  const auto path = CapsuleFolder(capsules()).add(read_capsule(good_));
  for (const auto& folder : {capsules(), path}) {
    struct stat info {};
    ASSERT_EQ(0, ::stat(folder.c_str(), &info));
    EXPECT_EQ(0700U, info.st_mode & 0777U) << folder;
  }
}

TEST_F(CapsuleFolderTest, AFolderThatCannotBeMadeIsNamedWithTheReason) {
  const auto file = folder_.write("file", "");
  try {
    CapsuleFolder(file / "capsules").add(read_capsule(good_));
    FAIL();
  } catch (const CapsuleError& error) {
    EXPECT_EQ((file / "capsules").string() + ": cannot be made (Not a directory)", error.what());
  }
}

TEST_F(CapsuleFolderTest, NothingIsLeftOfACapsuleThatDoesNotFitOnTheDisk) {
  const auto capsule = read_capsule(good_);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = ::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{.rlim_cur = 6000, .rlim_max = before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  EXPECT_THROW(CapsuleFolder(capsules()).add(capsule), CapsuleError);
  ::setrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, handler);
  EXPECT_TRUE(names().empty());
}

/// What a capsule says wrongly is an error in words, whoever finds it; and what none of them finds
/// is a frame like any other.
TEST_F(CapsuleFolderTest, AChangedCapsuleIsAnErrorOrARerunAndNeverACrash) {
  std::vector<fs::path> files;
  for (const auto& file : fs::directory_iterator(good_)) files.push_back(file.path().filename());
  std::ranges::sort(files);
  std::minstd_rand random(1);
  const auto number = [&](std::uint64_t below) { return random() % below; };
  int refused = 0, taken = 0;
  for (int trial = 0; trial < 3000; ++trial) {
    const auto trial_folder = folder_.path() / "changed";
    fs::remove_all(trial_folder);
    fs::copy(good_, trial_folder);
    const auto file = trial_folder / files[number(files.size())];
    std::stringstream content;
    content << std::ifstream(file, std::ios::binary).rdbuf();
    auto bytes = content.str();
    switch (number(8)) {
      case 0:
        fs::remove(file);
        break;
      case 1:
        bytes.resize(number(bytes.size()));
        break;
      case 2:
        bytes.append(number(5000), '\7');
        break;
      default:
        // Most of what is said in a page is said at its start.
        for (auto changes = 1 + number(4); changes > 0; --changes) {
          const auto at =
              number(number(2) == 0 ? std::min<std::size_t>(bytes.size(), 768) : bytes.size());
          bytes[at] = static_cast<char>(number(3) == 0 ? number(256) : bytes[at] ^ 1 << number(8));
        }
    }
    if (fs::exists(file)) std::ofstream(file, std::ios::binary) << bytes;
    try {
      MappedRerun sut(read_capsule(trial_folder));
      if (sut.reader->can_take_again()) sut.reader->take_again();
      FrameRef frame;
      static_cast<void>(sut.reader->take(frame));
      ++taken;
    } catch (const CapsuleError& error) {
      EXPECT_STRNE("", error.what());
      ++refused;
    } catch (const WireCorrupt&) {
      ++refused;
    } catch (const std::system_error&) {  // no machine has so much memory
      ++refused;
    }
  }
  EXPECT_GT(refused, 500);
  EXPECT_GT(taken, 500);
}

TEST_F(CapsuleFolderTest, WhatIsMissingOrCutOffIsNamed) {
  const auto problem_with = [&](const std::string& file, const std::string& content) {
    const auto folder = folder_.path() / "broken";
    fs::remove_all(folder);
    fs::copy(good_, folder);
    fs::remove(folder / file);
    if (!content.empty()) std::ofstream(folder / file) << content;
    try {
      const RerunSetUp sut(read_capsule(folder), {});
    } catch (const CapsuleError& error) {
      std::string text = error.what();
      if (const auto at = text.find(folder.string() + "/"); at == 0)
        text.erase(0, folder.string().size() + 1);
      return text;
    }
    return std::string("none");
  };
  EXPECT_EQ("capsule.json: cannot be read (No such file or directory)",
            problem_with("capsule.json", ""));
  EXPECT_EQ("capsule.json: 'format' is missing", problem_with("capsule.json", "{}"));
  EXPECT_EQ("capsule.json: it is of format 7, this program reads 1",
            problem_with("capsule.json", "{\"format\": 7}"));
  EXPECT_EQ("input0.frame: cannot be read (No such file or directory)",
            problem_with("input0.frame", ""));
  EXPECT_EQ("input0.frame: has 3 bytes, not 512", problem_with("input0.frame", "abc"));
  EXPECT_EQ("input0.reader: has 3 bytes, not 5632", problem_with("input0.reader", "abc"));
  EXPECT_EQ("port 'in': writer page: 3 bytes are too few or not aligned",
            problem_with("input0.ring", "abc"));
}

}  // namespace vcengine
