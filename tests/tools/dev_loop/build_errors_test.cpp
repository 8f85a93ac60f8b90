#include "tools/dev_loop/build_errors.hpp"

#include <gtest/gtest.h>

namespace vcengine::test {

namespace {

constexpr const char* kGcc =
    "[1/2] Building CXX object CMakeFiles/my.dir/my.cpp.o\n"
    "FAILED: CMakeFiles/my.dir/my.cpp.o \n"
    "/usr/bin/c++ -Dmy_EXPORTS -I/opt/include -std=c++20 -o CMakeFiles/my.dir/my.cpp.o -c "
    "/p/my.cpp\n"
    "In file included from /p/my.cpp:2:\n"
    "/p/my.hpp:7:5: warning: unused variable 'x' [-Wunused-variable]\n"
    "    7 | int x;\n"
    "      |     ^\n"
    "/p/my.cpp: In member function 'virtual void My::process()':\n"
    "/p/my.cpp:12:9: error: 'nut' is not a member of 'cv'; did you mean 'not'?\n"
    "   12 |     cv::nut(a);\n"
    "      |         ^~~\n"
    "      |         not\n"
    "/p/my.cpp:14:1: fatal error: no_such.hpp: No such file or directory\n"
    "   14 | #include <no_such.hpp>\n"
    "      |          ^~~~~~~~~~~~~\n"
    "compilation terminated.\n"
    "ninja: build stopped: subcommand failed.\n";

constexpr const char* kClang =
    "/p/my.cpp:12:9: error: no member named 'nut' in namespace 'cv'\n"
    "    cv::nut(a);\n"
    "    ~~~~^\n"
    "/p/my.cpp:9:3: note: declared here\n"
    "  int not;\n"
    "      ^\n"
    "1 error generated.\n";

}  // namespace

TEST(BuildErrorsTest, ErrorsOfGccComeWithTheirLineAndCaretAndWithoutWarningsAndCommands) {
  const auto errors = find_build_errors(kGcc);
  ASSERT_EQ(2U, errors.size());
  EXPECT_EQ("/p/my.cpp:12:9", errors[0].place);
  EXPECT_EQ("'nut' is not a member of 'cv'; did you mean 'not'?", errors[0].message);
  EXPECT_EQ((std::vector<std::string>{"   12 |     cv::nut(a);", "      |         ^~~"}),
            errors[0].source);
  EXPECT_EQ("no_such.hpp: No such file or directory", errors[1].message);
}

TEST(BuildErrorsTest, ErrorsOfClangComeWithTheirLineAndCaretAndWithoutNotes) {
  const auto errors = find_build_errors(kClang);
  ASSERT_EQ(1U, errors.size());
  EXPECT_EQ("/p/my.cpp:12:9", errors[0].place);
  EXPECT_EQ((std::vector<std::string>{"    cv::nut(a);", "    ~~~~^"}), errors[0].source);
}

TEST(BuildErrorsTest, FilesOfTheFolderAreNamedFromThere) {
  EXPECT_EQ(
      "my.cpp:12:9: no member named 'nut' in namespace 'cv'\n"
      "    cv::nut(a);\n"
      "    ~~~~^\n",
      short_build_errors(kClang, "/p"));
}

TEST(BuildErrorsTest, WhatIsLeftOutIsCounted) {
  const auto text = short_build_errors(kGcc, "/p", 1);
  EXPECT_NE(std::string::npos, text.find("and 1 more; --verbose shows all\n")) << text;
  EXPECT_EQ(std::string::npos, text.find("no_such.hpp")) << text;
}

TEST(BuildErrorsTest, AnErrorOfAHeaderThatTwoFilesIncludeIsShownOnce) {
  EXPECT_EQ(2U, find_build_errors(std::string(kGcc) + kGcc).size());
}

TEST(BuildErrorsTest, AnErrorInATemplateSaysWhereItWasUsedWithBothCompilers) {
  const auto gcc = find_build_errors(
      "/opt/param.hpp: In instantiation of 'class Param<Foo>':\n"
      "/p/my.cpp:9:14:   required from here\n"
      "/opt/param.hpp:40:17: error: static assertion failed: a setting is a number or text\n"
      "   40 |   static_assert(kFits<T>, \"a setting is a number or text\");\n"
      "      |                 ^~~~~~~~\n");
  const auto clang = find_build_errors(
      "/opt/param.hpp:40:3: error: static_assert failed \"a setting is a number or text\"\n"
      "  static_assert(kFits<T>, \"a setting is a number or text\");\n"
      "  ^             ~~~~~~~~\n"
      "/p/my.cpp:9:14: note: in instantiation of template class 'Param<Foo>' requested here\n"
      "  Param<Foo> foo;\n"
      "             ^\n");
  ASSERT_EQ(1U, gcc.size());
  ASSERT_EQ(1U, clang.size());
  EXPECT_EQ("/p/my.cpp:9:14", gcc[0].cause);
  EXPECT_EQ("/p/my.cpp:9:14", clang[0].cause);
}

TEST(BuildErrorsTest, TheLinkersErrorsAreNotCompilersButCount) {
  const auto errors = find_build_errors(
      "/usr/bin/ld: CMakeFiles/t.dir/t.cpp.o: in function `main':\n"
      "/usr/bin/ld: /p/t.cpp:3: undefined reference to `f()'\n"
      "/usr/bin/ld: cannot find -lnothing: No such file or directory\n"
      "collect2: error: ld returned 1 exit status\n");
  ASSERT_EQ(2U, errors.size());
  EXPECT_EQ("/p/t.cpp:3", errors[0].place);
  EXPECT_EQ("undefined reference to `f()'", errors[0].message);
  EXPECT_EQ("cannot find -lnothing: No such file or directory", errors[1].message);
}

TEST(BuildErrorsTest, CMakesErrorsAreOneLine) {
  const auto errors = find_build_errors(
      "-- Configuring\n"
      "CMake Error at CMakeLists.txt:5 (find_package):\n"
      "  By not providing \"Findvcengine.cmake\" in CMAKE_MODULE_PATH\n"
      "  this project has asked CMake to find it.\n"
      "\n\n"
      "-- Configuring incomplete, errors occurred!\n");
  ASSERT_EQ(1U, errors.size());
  EXPECT_EQ("CMakeLists.txt:5", errors[0].place);
  EXPECT_EQ(
      "By not providing \"Findvcengine.cmake\" in CMAKE_MODULE_PATH this project has asked CMake "
      "to "
      "find it.",
      errors[0].message);
}

TEST(BuildErrorsTest, OutputWithoutAnErrorIsShownByItsEnd) {
  std::string output;
  for (int i = 1; i <= 100; ++i) output += "line " + std::to_string(i) + "\n";
  const auto text = short_build_errors(output, "/p");
  EXPECT_TRUE(text.starts_with("line 81\n")) << text;
  EXPECT_TRUE(text.ends_with("line 100\n")) << text;
}

}  // namespace vcengine::test
