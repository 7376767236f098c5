// SPDX-License-Identifier: BSD-3-Clause
#include "tests/random/siena_side.h"

#include "sie/state_description.h"

#include <cstdlib>

namespace siena::random_test {

namespace {

using cpu::ProgramInterruption;
using cpu::Psw;
namespace lowcore = cpu::lowcore;

constexpr u64 kStorageSize = 32 << 20, kSegmentTable = 0x10'0000, kPageTables = 0x11'0000, kExitFrame = 0x60'0000,
              kMaximumCycles = 400'000;
constexpr u64 kHost = 0x70'0000, kHostWait = kHost + 0x100,
              kBlock = kHost + 0x1000; ///< where no page of the guest's is
constexpr u64 kInvalidPage = 0x400, kProtectedPage = 0x200, kInvalidSegment = 0x20;
constexpr u64 kProblemMask = Psw::kDat | Psw::kProblem | Psw::kExtendedAddressing | Psw::kBasicAddressing;
constexpr u64 kFacilities[4] = {~u64{0}, ~u64{0}, ~u64{0}, ~u64{0}};

// Linux's signal numbers and codes.
constexpr u32 kSigill = 4, kSigfpe = 8, kSigsegv = 11, kIllegalOpcode = 1, kIllegalOperand = 2, kIntegerDivide = 1,
              kIntegerOverflow = 2, kFloatDivide = 3, kFloatOverflow = 4, kFloatUnderflow = 5, kFloatInexact = 6,
              kFloatInvalid = 7;

u32 floating_code(u32 dxc) {
  switch (dxc) {
  case 0x80: return kFloatInvalid;
  case 0x40: return kFloatDivide;
  case 0x20:
  case 0x28:
  case 0x2C: return kFloatOverflow;
  case 0x10:
  case 0x18:
  case 0x1C: return kFloatUnderflow;
  case 0x08:
  case 0x0C: return kFloatInexact;
  default: return 0;
  }
}

std::unique_ptr<sie::InterpretiveExecution> sie_from_environment(mmu::AbsoluteStorage& storage) {
  const char* level = std::getenv("SIENA_LEVEL");
  if (level == nullptr || std::string_view(level) == "0") return nullptr;
  CHECK(std::string_view(level) == "1", "SIENA_LEVEL is 0 or 1");
  return std::make_unique<sie::InterpretiveExecution>(storage, 1);
}

} // namespace

cpu::Cpu::Environment SienaSide::environment() {
  cpu::Cpu::Environment e{.storage = *storage_, .clock = clock_, .floating = floating_, .features = {}};
  if (sie_ == nullptr) return e;
  system_.gmap = &sie_->gmap();
  e.system = &system_;
  e.interpretive = sie_.get();
  return e;
}

SienaSide::SienaSide()
    : storage_(std::move(mmu::AbsoluteStorage::create(kStorageSize).value())), decoder_(kFacilities),
      code_(*storage_, decoder_), sie_(sie_from_environment(*storage_)), cpu_(0, environment()) {
  system_.cpus.push_back(&cpu_);
  CHECK(storage_->store(AbsoluteAddress{lowcore::kSvcNew},
                        Psw::kWait | Psw::kExtendedAddressing | Psw::kBasicAddressing) &&
            storage_->store(AbsoluteAddress{lowcore::kProgramNew},
                            Psw::kWait | Psw::kExtendedAddressing | Psw::kBasicAddressing),
        "in storage");
  for (u64 i = 0; i < 2048; ++i)
    CHECK(storage_->store(AbsoluteAddress{kSegmentTable + 8 * i}, kInvalidSegment), "in storage");
  map(RANDOM_CODE, RANDOM_CODE, 0);
  map(RANDOM_READ_ONLY, RANDOM_READ_ONLY, kProtectedPage);
  for (u64 offset = 0; offset < RANDOM_DATA_SIZE; offset += kPageSize)
    map(RANDOM_DATA + offset, RANDOM_DATA + offset, 0);
  map(RANDOM_EXIT, kExitFrame, 0);
  CHECK(storage_->store<u16>(AbsoluteAddress{kExitFrame}, 0x0A00), "in storage"); // SVC 0 ends a program
  for (u64 i = 0; i < kPageSize; ++i)
    CHECK(storage_->store<u8>(AbsoluteAddress{RANDOM_READ_ONLY + i}, RANDOM_READ_ONLY_BYTE(i)), "in storage");
  cpu_.decoder = &decoder_;
  cpu_.state = cpu::Cpu::State::Operating;
  cpu_.cr[0] = cpu::cr0::kAfpRegisters;
  cpu_.cr[1] = kSegmentTable | 3; // segment table of four blocks of 512 entries
  cpu_.set_cpu_timer(u64{1} << 62);
  engine_ = siena::testing::engine_from_environment(interpreter_, code_, *storage_, cpu_);
}

bool SienaSide::go_on(u64 psw_mask, const State& before) {
  if (sie_ != nullptr) return interpret(psw_mask, before);
  cpu_.load_psw(psw_mask, RANDOM_CODE);
  cpu_.attention = false;
  return interpreter_.run(cpu_, cpu_.cycles + kMaximumCycles) == cpu::interpreter::Interpreter::Exit::Wait;
}

/// The guest's absolute storage is the host's, its prefix area too: what a program leaves is found at the same addresses.
bool SienaSide::interpret(u64 psw_mask, const State& before) {
  sie::StateDescription sd{};
  sd.cpuflags = sie::cpuflags::kZarch;
  sd.msl = kStorageSize - (1 << 20);
  sd.gpsw_mask = psw_mask;
  sd.gpsw_address = RANDOM_CODE;
  sd.gg14 = before.gr[14];
  sd.gg15 = before.gr[15];
  sd.eca = sie::eca::kProtection | sie::eca::kMovePage;
  sd.ecb = sie::ecb::kHostProtection;
  sd.cputm = u64{1} << 62;
  sd.ckc = ~u64{0};
  sd.gcr[0] = cpu::cr0::kAfpRegisters;
  sd.gcr[1] = kSegmentTable | 3;
  u8 bytes[sizeof sd];
  std::memcpy(bytes, &sd, sizeof sd);
  CHECK(storage_->write({kBlock}, bytes) && storage_->store<u32>({kHost}, 0xB214'E000) && // SIE 0(%r14); LPSWE 0(%r15)
            storage_->store<u32>({kHost + 4}, 0xB2B2'F000) &&
            storage_->store<u64>({kHostWait}, Psw::kWait | Psw::kExtendedAddressing | Psw::kBasicAddressing),
        "in storage");
  cpu_.cr[1] = mmu::asce::kRealSpace;
  cpu_.controls_changed();
  cpu_.gr[14] = kBlock;
  cpu_.gr[15] = kHostWait;
  cpu_.load_psw(Psw::kExtendedAddressing | Psw::kBasicAddressing, kHost);
  cpu_.attention = false;
  if (interpreter_.run(cpu_, cpu_.cycles + kMaximumCycles) != cpu::interpreter::Interpreter::Exit::Wait) {
    CHECK(storage_->store<u8>({kBlock}, sie::cpuflags::kStopRequest >> 24), "in storage");
    CHECK(interpreter_.run(cpu_, cpu_.cycles + kMaximumCycles) == cpu::interpreter::Interpreter::Exit::Wait,
          "the guest stops");
    return false;
  }
  std::memcpy(&sd, storage_->host({kBlock}), sizeof sd);
  if (static_cast<sie::Interception>(sd.icptcode) == sie::Interception::Program) {
    // Mandatory for a few exceptions. The interruption is then the SIE host's to present; here it notes what there is to see.
    const auto noted = [&]<typename T>(T, u16 to, unsigned from) {
      return storage_->store<T>(AbsoluteAddress{to}, load_big<T>(sd.parameters + from));
    };
    CHECK(noted(u16{}, lowcore::kProgramIlc, sie::parameter::kIlc) &&
              noted(u16{}, lowcore::kProgramCode, sie::parameter::kCode) &&
              noted(u64{}, lowcore::kTeid, sie::parameter::kTeid) &&
              storage_->store<u64>(AbsoluteAddress{lowcore::kProgramOld}, sd.gpsw_mask) &&
              storage_->store<u64>(AbsoluteAddress{lowcore::kProgramOld + 8}, sd.gpsw_address),
          "in storage");
  } else {
    CHECK(static_cast<sie::Interception>(sd.icptcode) == sie::Interception::Wait,
          "the guest ends in its disabled wait");
  }
  cpu_.gr[14] = sd.gg14;
  cpu_.gr[15] = sd.gg15;
  return true;
}

constexpr u64 kOracleSize = 8 << 20; ///< generously: its text, data and heap, behind RANDOM_EXIT

void SienaSide::map(u64 address, u64 frame, u64 flags) {
  const AbsoluteAddress segment{kSegmentTable + 8 * (address >> 20)};
  const u64 table = kPageTables + 2048 * (address >> 20); // room for all segments
  if ((*storage_->load<u64>(segment) & kInvalidSegment) != 0) {
    for (u64 i = 0; i < 256; ++i) CHECK(storage_->store(AbsoluteAddress{table + 8 * i}, kInvalidPage), "in storage");
    CHECK(storage_->store(segment, table), "in storage");
  }
  CHECK(storage_->store(AbsoluteAddress{table + 8 * ((address >> 12) & 0xFF)}, frame | flags), "in storage");
}

std::optional<SienaResult> SienaSide::run(const Case& c) {
  const std::vector<u8> program = assemble(c);
  CHECK(storage_->write({RANDOM_CODE}, program) && storage_->write({RANDOM_DATA}, c.data), "in storage");
  for (unsigned i = 0; i < 16; ++i) {
    cpu_.gr[i] = c.before.gr[i];
    cpu_.fpr(i) = c.before.fpr[i];
    cpu_.ar[i] = c.before.ar[i];
  }
  cpu_.fpc = c.before.fpc;
  const u64 mode = c.addressing_31 ? kProblemMask & ~Psw::kExtendedAddressing : kProblemMask;
  CHECK(storage_->store<u64>(AbsoluteAddress{lowcore::kSvcOld + 8}, 0), "in storage");
  if (!go_on(mode | static_cast<u64>(c.before.cc >> 24) << 40, c.before)) return std::nullopt;
  // A program that stored into itself (a branch leaves its address in a register that then serves as a base): the oracle does not
  // see a change in what it has translated as one piece.
  if (std::memcmp(storage_->host({RANDOM_CODE}), program.data(), program.size()) != 0) return std::nullopt;

  SienaResult ended;
  State& after = ended.result.after;
  for (unsigned i = 0; i < 16; ++i) {
    after.gr[i] = cpu_.gr[i];
    after.fpr[i] = cpu_.fpr(i);
    after.ar[i] = cpu_.ar[i];
  }
  after.fpc = cpu_.fpc;
  ended.result.data.resize(RANDOM_DATA_SIZE);
  CHECK(storage_->read({RANDOM_DATA}, ended.result.data), "in storage");
  const auto load = [&]<typename T>(T, u16 offset) { return *storage_->load<T>(AbsoluteAddress{offset}); };
  const bool left = load(u64{}, lowcore::kSvcOld + 8) == RANDOM_EXIT + 2;
  const u16 old = left ? lowcore::kSvcOld : lowcore::kProgramOld;
  after.cc = static_cast<u32>(load(u64{}, old) >> 40 & 0x3F) << 24;
  after.address = load(u64{}, static_cast<u16>(old + 8)) - (left ? 2 : 0);
  if (left) return ended;

  const u16 code = load(u16{}, lowcore::kProgramCode), length = load(u16{}, lowcore::kProgramIlc);
  ended.interruption = static_cast<ProgramInterruption>(code);
  const u64 at = cpu::nullifies(code) ? after.address : after.address - length;
  if (at - RANDOM_CODE < RANDOM_CODE_SIZE) {
    u8 bytes[8] = {};
    CHECK(storage_->read({at}, std::span{bytes}.first(6)), "in storage");
    ended.interrupted = decoder_.find({load_big<u64>(bytes)});
  }
  switch (ended.interruption) {
  case ProgramInterruption::Operation:
  case ProgramInterruption::PrivilegedOperation: after.signal = kSigill, after.signal_code = kIllegalOpcode; break;
  case ProgramInterruption::Execute:
  case ProgramInterruption::Specification:
  case ProgramInterruption::SpecialOperation:
  case ProgramInterruption::Operand: after.signal = kSigill, after.signal_code = kIllegalOperand; break;
  case ProgramInterruption::FixedPointDivide: after.signal = kSigfpe, after.signal_code = kIntegerDivide; break;
  case ProgramInterruption::FixedPointOverflow: after.signal = kSigfpe, after.signal_code = kIntegerOverflow; break;
  case ProgramInterruption::Data: {
    const u32 dxc = load(u32{}, lowcore::kDataExceptionCode);
    after.signal = dxc == 0 ? kSigill : kSigfpe;
    after.signal_code = dxc == 0 ? kIllegalOperand : floating_code(dxc);
    break;
  }
  case ProgramInterruption::Protection:
  case ProgramInterruption::Addressing:
  case ProgramInterruption::SegmentTranslation:
  case ProgramInterruption::PageTranslation:
  case ProgramInterruption::AsceType:
    // Where the oracle's own program lies there is something for it and nothing here.
    if (load(u64{}, lowcore::kTeid) - RANDOM_EXIT < kOracleSize) return std::nullopt;
    after.signal = kSigsegv;
    after.address = at;
    break;
  default: after.signal = 0x8000 | code; break; // the oracle has no word for it
  }
  return ended;
}

} // namespace siena::random_test
