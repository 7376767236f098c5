// SPDX-License-Identifier: BSD-3-Clause
// What the documents say that a guest is told is what `siena -identify` prints.
#include "frontends/cli/command_line.h"
#include "frontends/cli/identification.h"
#include "machine/cpu_model.h"

#include <gmock/gmock.h>

#include <fstream>
#include <set>
#include <sstream>

namespace siena::frontends::cli {
namespace {

using Names = std::set<std::string>;

std::string document(const std::string& name) {
  std::ifstream file(std::string(SIENA_SOURCE_DIR "/") + name);
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_FALSE(text.str().empty()) << name;
  return text.str();
}

std::string program() {
  const auto line = parse_command_line({"-identify", "-smp", "2", "-name", "outer"});
  return identification(line.value().configuration).value();
}

std::string between(const std::string& text, std::string_view first, std::string_view last) {
  const auto begin = text.find(first);
  EXPECT_NE(begin, std::string::npos) << first;
  if (begin == std::string::npos) return {};
  return text.substr(begin + first.size(), text.find(last, begin + first.size()) - begin - first.size());
}

Names words(std::string text, std::string_view separators) {
  for (char& c : text)
    if (separators.find(c) != std::string_view::npos) c = ' ';
  std::istringstream stream(text);
  Names all;
  for (std::string word; stream >> word;) all.insert(word);
  return all;
}

/// "0-4, 7" and "0-4 7".
std::set<unsigned> numbers(const std::string& text) {
  std::set<unsigned> all;
  for (const std::string& range : words(text, ",.\n")) {
    const auto dash = range.find('-');
    const auto first = static_cast<unsigned>(std::stoul(range));
    const unsigned last = dash == std::string::npos ? first : static_cast<unsigned>(std::stoul(range.substr(dash + 1)));
    for (unsigned n = first; n <= last; ++n) all.insert(n);
  }
  return all;
}

std::set<unsigned> shown_facilities() {
  const auto all = machine::implemented_facilities();
  return {all.begin(), all.end()};
}

/// Names of the SCLP's switches that are on.
Names shown_switches() {
  Names all;
  std::istringstream lines(program());
  for (std::string line; std::getline(lines, line);) {
    std::istringstream stream(line);
    std::string sclp, name, state;
    if (stream >> sclp >> name >> state && sclp == "SCLP" && state == "on") all.insert(name);
  }
  return all;
}

TEST(DocumentedIdentity, FacilitiesAreThoseThatAreShown) {
  EXPECT_EQ(numbers(between(document("docs/facilities.md"), "STFLE, `-cpu max`: ", " `tests")), shown_facilities());
  EXPECT_EQ(numbers(between(document("README.md"), "It has the facilities ", " (STFLE)")), shown_facilities());
}

TEST(DocumentedIdentity, ExampleIsWhatIsPrinted) {
  std::istringstream example(between(document("docs/facilities.md"), "$ siena -identify -smp 2 -name outer\n", "\n\n"));
  const std::string printed = program();
  for (std::string line; std::getline(example, line);) {
    line.erase(0, 4);
    if (line != "...") {
      EXPECT_THAT(printed, testing::HasSubstr(line + "\n"));
    }
  }
}

TEST(DocumentedIdentity, SwitchesOfTheSclpAreThoseThatAreOn) {
  std::istringstream table(between(document("docs/facilities.md"), "## What KVM is told of SIE", "Facility 9 "));
  Names documented, features;
  for (std::string row; std::getline(table, row);) {
    if (!row.starts_with("| ") || row.starts_with("| `-identify`")) continue;
    const auto second = row.find('|', 2);
    documented.merge(words(row.substr(2, second - 2), ","));
    features.merge(words(row.substr(second, row.find('|', second + 1) - second), "|`,"));
  }
  EXPECT_EQ(documented, shown_switches());
  const auto known = machine::cpu_feature_names();
  for (const std::string& feature : features) EXPECT_THAT(known, testing::Contains(feature));

  Names capitals;
  for (std::string name : shown_switches()) {
    for (char& c : name) c = static_cast<char>(std::toupper(c));
    capitals.insert(name);
  }
  EXPECT_EQ(words(between(document("docs/sclp.md"), "On by default: ", " ("), ","), capitals);
}

} // namespace
} // namespace siena::frontends::cli
