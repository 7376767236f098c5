// SPDX-License-Identifier: BSD-3-Clause
// Random problem-state programs on Siena's interpreter and under qemu-s390x; everything a program can see must be the same after
// them (docs/testing.md). A program that differs is cut down to the fewest groups that still do, and printed with its seed.
#include "tests/random/compare.h"
#include "tests/random/generator.h"
#include "tests/random/overflow_mask.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>

namespace siena::random_test {
namespace {

struct Options {
  std::string emulator = "qemu-s390x", oracle, differences;
  u64 seed = 1, count = 40'000;
  unsigned maximum_reports = 20;
  std::vector<std::string> only;
  bool list_unmet = false;
};

struct Statistics {
  u64 cases = 0, unusable = 0, interrupted = 0, explained = 0;
};

class Run {
 public:
  Run(const Options& options, KnownDifferences known)
      : options_(options), known_(std::move(known)), generator_(known_, options.only),
        oracle_(options.emulator, options.oracle) {}

  int all() {
    const auto start = std::chrono::steady_clock::now();
    unsigned failures = 0;
    std::vector<Case> cases;
    for (u64 n = 0; n < options_.count && failures < options_.maximum_reports;) {
      cases.clear();
      for (; n < options_.count && cases.size() < Oracle::kBatch; ++n)
        cases.push_back(generator_.draw(options_.seed + n));
      for (const Case& c : cases) check_overflow_mask(c, failures);
      for (const Case& c : differing(cases)) {
        report(c);
        if (++failures == options_.maximum_reports) break;
      }
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    std::printf("%llu programs of %zu instructions in %.1f s (%.0f/s): %llu ended in an interruption, %llu unusable "
                "ones left out, "
                "%llu differences known, %u not\n",
                static_cast<unsigned long long>(stats_.cases),
                generator_.instruction_count(),
                seconds,
                static_cast<double>(stats_.cases) / seconds,
                static_cast<unsigned long long>(stats_.interrupted),
                static_cast<unsigned long long>(stats_.unusable),
                static_cast<unsigned long long>(stats_.explained),
                failures);
    if (options_.list_unmet && options_.only.empty())
      for (const auto& line : known_.unmet()) std::printf("known difference that did not show: %s\n", line.c_str());
    return failures == 0 ? 0 : 1;
  }

 private:
  std::vector<Case> differing(const std::vector<Case>& cases, bool count = true) {
    std::vector<const Case*> finite;
    std::vector<SienaResult> ours;
    for (const Case& c : cases) {
      auto result = siena_.run(c);
      stats_.cases += count;
      if (!result) {
        stats_.unusable += count;
        continue;
      }
      stats_.interrupted += count && result->interruption != cpu::ProgramInterruption::None;
      finite.push_back(&c);
      ours.push_back(std::move(*result));
    }
    const auto theirs = oracle_.run(finite);
    std::vector<Case> different;
    for (std::size_t i = 0; i < finite.size(); ++i)
      if (differs(*finite[i], ours[i], theirs[i], count)) different.push_back(*finite[i]);
    return different;
  }

  bool differs(const Case& c, const SienaResult& ours, const OracleResult& theirs, bool count) {
    const Difference d = compare(ours, theirs);
    if (d.kinds.empty()) return false;
    bool explained = (!d.kinds.contains("interruption") || theirs.failure == OracleFailure::Died) &&
                     ours.result.after.signal == 11 && known_.explain_access(c, ours);
    if (!explained && c.groups.size() == 1 && c.groups[0].definition != nullptr)
      explained = known_.explain(c.groups[0].definition->mnemonic, ours, d.kinds);
    stats_.explained += explained && count;
    return !explained;
  }

  void check_overflow_mask(const Case& c, unsigned& failures) {
    if (c.groups.size() != 1) return;
    const auto plain = siena_.run(c);
    if (!plain) return;
    const std::string wrong = wrong_under_overflow_mask(siena_, c, *plain);
    if (wrong.empty()) return;
    ++failures;
    std::printf("seed %llu: %s under the fixed-point-overflow mask\n%s\n",
                static_cast<unsigned long long>(c.seed),
                wrong.c_str(),
                disassemble(c, siena_.decoder()).c_str());
  }

  /// The fewest groups that still differ: one batch of programs with one group less, or half of them, at a time.
  Case shrink(Case c) {
    while (c.groups.size() > 1) {
      std::vector<Case> candidates;
      const std::size_t half = c.groups.size() / 2;
      for (const bool front : {false, true}) {
        Case candidate = c;
        const auto from = candidate.groups.begin() + (front ? 0 : static_cast<std::ptrdiff_t>(half));
        candidate.groups.erase(from, front ? from + static_cast<std::ptrdiff_t>(half) : candidate.groups.end());
        candidates.push_back(std::move(candidate));
      }
      for (std::size_t i = 0; i < c.groups.size(); ++i) {
        candidates.push_back(c);
        candidates.back().groups.erase(candidates.back().groups.begin() + static_cast<std::ptrdiff_t>(i));
      }
      auto still = differing(candidates, false);
      if (still.empty()) break;
      c = std::move(still.front());
    }
    return c;
  }

  void report(const Case& original) {
    const Case c = shrink(original);
    const auto ours = siena_.run(c);
    const Case* pointer = &c;
    const auto theirs = oracle_.run({&pointer, 1});
    std::printf("seed %llu differs (%zu of %zu groups)\n%s",
                static_cast<unsigned long long>(c.seed),
                c.groups.size(),
                original.groups.size(),
                disassemble(c, siena_.decoder()).c_str());
    if (ours) std::printf("%s", compare(*ours, theirs[0]).text.c_str());
    for (unsigned i = 0; i < 16; ++i)
      std::printf("  r%-2u %016llx  f%-2u %016llx%s",
                  i,
                  static_cast<unsigned long long>(c.before.gr[i]),
                  i,
                  static_cast<unsigned long long>(c.before.fpr[i]),
                  i % 2 == 1 ? "\n" : "  ");
    std::printf("  fpc %08x cc %08x before, %s-bit mode\n\n", c.before.fpc, c.before.cc, c.addressing_31 ? "31" : "64");
    std::fflush(stdout);
  }

  const Options& options_;
  KnownDifferences known_;
  Generator generator_;
  Oracle oracle_;
  SienaSide siena_;
  Statistics stats_;
};

int usage() {
  std::fputs(
      "random_differential --oracle PROGRAM --differences FILE [--emulator QEMU] [--seed N] [--count N] [--reports N]\n"
      "                    [--only MNEMONIC]... [--unmet]\n"
      "--unmet: lists the known differences that did not show (not all do in a short run, nor alone).\n",
      stderr);
  return 2;
}

int main(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--unmet") {
      options.list_unmet = true;
      continue;
    }
    if (++i == argc) return usage();
    if (word == "--oracle")
      options.oracle = argv[i];
    else if (word == "--emulator")
      options.emulator = argv[i];
    else if (word == "--differences")
      options.differences = argv[i];
    else if (word == "--seed")
      options.seed = std::strtoull(argv[i], nullptr, 0);
    else if (word == "--count")
      options.count = std::strtoull(argv[i], nullptr, 0);
    else if (word == "--reports")
      options.maximum_reports = static_cast<unsigned>(std::strtoul(argv[i], nullptr, 0));
    else if (word == "--only")
      options.only.emplace_back(argv[i]);
    else
      return usage();
  }
  if (options.oracle.empty() || options.differences.empty()) return usage();
  auto known = KnownDifferences::read(options.differences);
  if (!known) {
    std::fprintf(stderr, "%s\n", known.error().message.c_str());
    return 2;
  }
  return Run{options, std::move(known.value())}.all();
}

} // namespace
} // namespace siena::random_test

int main(int argc, char** argv) { return siena::random_test::main(argc, argv); }
