// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/cli/identification.h"

#include "devices/sclp/ebcdic.h"
#include "machine/machine.h"

#include <fmt/format.h>

#include <ctime>

namespace siena::frontends::cli {

namespace {
/// A machine that is not run needs nothing of the process around it.
class NoSurroundings final : public machine::Surroundings {
 public:
  devices::ByteSink& output(const std::string&) override { return sink_; }
  void wait(u64) override {}
  u64 host_nanoseconds() override { return 0; }

 private:
  class Sink final : public devices::ByteSink {
   public:
    void write(std::span<const u8>) override {}
  };
  Sink sink_;
};

std::string facility_lines(std::span<const u64> doublewords) {
  std::string numbers, words;
  for (unsigned n = 0; n < doublewords.size() * 64; ++n)
    if ((doublewords[n / 64] & bit(n % 64)) != 0) numbers += fmt::format(" {}", n);
  for (const u64 doubleword : doublewords) words += fmt::format(" {:016x}", doubleword);
  return fmt::format("STFLE        {}\n             {}\n", words, numbers);
}

std::string system_information_lines(machine::Machine& machine) {
  std::string lines = fmt::format("STSI          level {}\n", machine.configuration_level());
  std::array<u8, 4096> block{};
  const std::span<const u8> bytes{block};
  const auto text = [&](std::size_t at, std::size_t length) {
    return devices::sclp::load_ebcdic(bytes.subspan(at, length));
  };
  const auto ask = [&](unsigned function, unsigned selector1, unsigned selector2) {
    return machine.system_information(machine.cpu(0), function, selector1, selector2, block);
  };
  const auto halfword = [&](std::size_t at) { return load_big<u16>(&block[at]); };
  if (ask(1, 1, 1))
    lines += fmt::format("STSI 1.1.1    manufacturer {}, type {}, model {}, sequence {}, plant {}\n",
                         text(32, 16),
                         text(48, 4),
                         text(64, 16),
                         text(80, 16),
                         text(96, 4));
  if (ask(1, 2, 2)) lines += fmt::format("STSI 1.2.2    CPUs {} total, {} configured\n", halfword(36), halfword(38));
  if (ask(2, 2, 2))
    lines += fmt::format(
        "STSI 2.2.2    partition {}, CPUs {} total, {} configured\n", text(44, 8), halfword(36), halfword(38));
  if (ask(3, 2, 2))
    for (unsigned n = 0; n < block[31]; ++n) {
      const std::size_t at = 32 + 64 * std::size_t{n};
      lines += fmt::format("STSI 3.2.2    VM{:02} name {}, control program {}, CPUs {} total, {} configured\n",
                           n,
                           text(at + 12, 8),
                           text(at + 24, 16),
                           halfword(at + 4),
                           halfword(at + 6));
    }
  return lines;
}
} // namespace

Result<std::string> identification(machine::Configuration configuration) {
  configuration.kernel.clear();
  configuration.initrd.clear();
  if (!configuration.rtc_base) configuration.rtc_base = std::time(nullptr);
  NoSurroundings surroundings;
  const auto created = machine::Machine::create(configuration, surroundings);
  if (!created) return created.error();
  machine::Machine& machine = *created.value();

  std::string out = fmt::format("STIDP         {:016x}\n", machine.cpu_id(machine.cpu(0)));
  out += facility_lines(machine.facilities());
  out += system_information_lines(machine);
  for (const auto& line : machine.sclp().describe()) out += "SCLP " + line + '\n';
  return out;
}

} // namespace siena::frontends::cli
