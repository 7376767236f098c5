// SPDX-License-Identifier: BSD-3-Clause
// How fast the translator is: every block of the text of an s390x program (ELF, executable sections), one behind the other, each
// as a machine meets it that has never seen it. `bench/run translate` gives it Debian's cc1.
//
//   bench_translate FILE [TIMES]
#include "cpu/jit/backend/host_code.h"
#include "cpu/jit/ir/lower.h"
#include "cpu/jit/ir/passes.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>

#include <elf.h>

using namespace siena;
using namespace siena::cpu;
using namespace siena::cpu::jit;

namespace {

template <typename T>
T big_endian(const std::string& file, std::size_t at) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T) && at + i < file.size(); ++i)
    value = static_cast<T>(value << 8 | static_cast<u8>(file[at + i]));
  return value;
}

/// The bytes of its executable sections, each at its place in its page. (Segments have constants as well.)
std::string text_of(const std::string& file) {
  std::string text;
  const auto table = big_endian<u64>(file, offsetof(Elf64_Ehdr, e_shoff));
  for (u64 i = 0; i < big_endian<u16>(file, offsetof(Elf64_Ehdr, e_shnum)); ++i) {
    const u64 section = table + i * sizeof(Elf64_Shdr);
    const auto flags = big_endian<u64>(file, section + offsetof(Elf64_Shdr, sh_flags));
    const auto offset = big_endian<u64>(file, section + offsetof(Elf64_Shdr, sh_offset));
    if ((flags & SHF_EXECINSTR) == 0 || offset > file.size()) continue;
    const auto address = big_endian<u64>(file, section + offsetof(Elf64_Shdr, sh_addr));
    text.resize((text.size() + kPageSize - 1) / kPageSize * kPageSize + address % kPageSize);
    text += file.substr(offset, big_endian<u64>(file, section + offsetof(Elf64_Shdr, sh_size)));
  }
  text.resize((text.size() + kPageSize - 1) / kPageSize * kPageSize);
  return text;
}

constexpr u64 kAllFacilities[4] = {~u64{0}, ~u64{0}, ~u64{0}, ~u64{0}};

} // namespace

int main(int count, char** arguments) {
  if (count < 2) return std::fputs("usage: bench_translate FILE [TIMES]\n", stderr), 2;
  std::ifstream in(arguments[1], std::ios::binary);
  const std::string text = text_of(std::string(std::istreambuf_iterator<char>{in}, {}));
  if (text.empty()) return std::fprintf(stderr, "%s: no s390x program\n", arguments[1]), 2;
  const auto storage = std::move(mmu::AbsoluteStorage::create(text.size()).value());
  std::memcpy(storage->host({0}), text.data(), text.size());
  const isa::Decoder decoder(kAllFacilities);
  const interpreter::CodeCache code(*storage, decoder);
  timing::TodClock clock{0};
  FloatingPending floating;
  const Cpu cpu(0, {.storage = *storage, .clock = clock, .floating = floating, .features = {}});
  const auto host = backend::make_host_code(512 << 20, cpu);

  ir::Block block;
  std::vector<u16> targets;
  for (int times = count > 2 ? std::atoi(arguments[2]) : 1; times > 0; --times) {
    u64 blocks = 0, instructions = 0, bytes = 0, straight = 0;
    host->clear();
    const auto begin = std::chrono::steady_clock::now();
    for (u64 page = 0; page < text.size() && host->room_for_block(); page += kPageSize) {
      const u8* const next = page + kPageSize < text.size() ? storage->host({page + kPageSize}) : nullptr;
      for (u16 offset = 0; offset < kPageSize;) {
        if (!ir::lower(code, {storage->host({page}), next}, offset, {}, block)) break;
        if (block.instructions[0].def == nullptr) { // between functions and sections
          offset = block.end();
          continue;
        }
        ir::run_passes(block);
        targets.clear();
        const auto made = host->translate(block, targets);
        ++blocks;
        instructions += block.instructions.size();
        bytes += made.straight.bytes.size() + made.cold.bytes.size();
        straight += made.straight.bytes.size();
        offset = block.end();
      }
    }
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    const auto each = [&](u64 n) { return static_cast<double>(n) / static_cast<double>(instructions); };
    std::printf("%llu blocks, %llu instructions, %.1f and %.1f host bytes each, %.2f million instructions a second\n",
                static_cast<unsigned long long>(blocks),
                static_cast<unsigned long long>(instructions),
                each(bytes),
                each(straight),
                static_cast<double>(instructions) / seconds.count() / 1e6);
  }
  return 0;
}
