// SPDX-License-Identifier: BSD-3-Clause
#include "tests/insn/case_file.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace siena::insn {

namespace {

bool number(std::string_view text, u64& value, int base = 16) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return error == std::errc{} && end == text.data() + text.size();
}

bool bytes(std::string_view text, Bytes& into) {
  if (text.size() % 2 != 0 || text.empty()) return false;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    u64 value = 0;
    if (!number(text.substr(i, 2), value)) return false;
    into.push_back(static_cast<u8>(value));
  }
  return true;
}

template <typename T>
bool assign(std::optional<T>& to, u64 value) {
  to = static_cast<T>(value);
  return true;
}

bool parse_word(std::string_view word, Words& words) {
  if (word == "problem") return words.problem = true;
  const auto equals = word.find('=');
  if (equals == std::string_view::npos) return false;
  const auto name = word.substr(0, equals), text = word.substr(equals + 1);
  u64 value = 0;
  if (name.starts_with('[')) {
    u64 at = 0;
    return name.ends_with(']') && number(name.substr(1, name.size() - 2), at) && bytes(text, words.storage[at]);
  }
  if (name == "am") {
    if (!number(text, value, 10) || (value != 24 && value != 31 && value != 64)) return false;
    return assign(words.addressing, value);
  }
  if (!number(text, value)) return false;
  if (name == "cc") return value < 4 && assign(words.cc, value);
  if (name == "pm") return value < 16 && assign(words.program_mask, value);
  if (name == "pc") return assign(words.pc, value);
  if (name == "fpc") return assign(words.fpc, value);
  if (name == "program") return assign(words.program, value);
  if (name == "ilc") return assign(words.ilc, value);
  if (name == "dxc") return assign(words.dxc, value);
  u64 n = 0;
  if (name.size() < 2 || !number(name.substr(1), n, 10) || n > 15) return false;
  if (name[0] == 'r') return words.gr.emplace(n, value).second;
  if (name[0] == 'f') return words.fpr.emplace(n, value).second;
  if (name[0] == 'a') return words.ar.emplace(n, value).second;
  return false;
}

std::string parse_words(const std::string& text, Words& words) {
  std::istringstream stream(text);
  for (std::string word; stream >> word;)
    if (!parse_word(word, words)) return "cannot read '" + word + "'";
  return {};
}

std::string trimmed(std::string text) {
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text.substr(std::min(text.find_first_not_of(' '), text.size()));
}

} // namespace

std::string parse_case(const std::string& line, Case& into) {
  std::vector<std::string> columns;
  std::istringstream stream(line);
  for (std::string column; std::getline(stream, column, '|');) columns.push_back(trimmed(column));
  if (columns.size() != 5) return "there are not five columns (tests/insn/assemble adds the last)";
  into.shows = columns[0];
  into.assembly = columns[2];
  if (std::string e = parse_words(columns[1], into.before); !e.empty()) return e;
  if (std::string e = parse_words(columns[3], into.after); !e.empty()) return e;
  if (into.shows.empty()) return "it does not say what it shows";
  if (!bytes(columns[4], into.text)) return "cannot read the last column";
  return {};
}

CaseFile read_cases(const std::string& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".txt" && entry.path().filename() != "CMakeLists.txt")
      files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  CaseFile all;
  for (const auto& path : files) {
    std::ifstream file(path);
    const std::string name = std::filesystem::relative(path, folder).string();
    int number_of_line = 0;
    for (std::string line; std::getline(file, line);) {
      ++number_of_line;
      if (line.empty() || line[0] == '#') continue;
      Case one{name, number_of_line, {}, {}, {}, {}, {}};
      const std::string error = parse_case(line, one);
      if (error.empty())
        all.cases.push_back(std::move(one));
      else
        all.errors.push_back(name + ":" + std::to_string(number_of_line) + ": " + error);
    }
  }
  return all;
}

} // namespace siena::insn
