// SPDX-License-Identifier: BSD-3-Clause
#include "tests/insn/guest_program.h"

#include "tests/engine/from_environment.h"

#include "tests/sie/sie_machine.h"

namespace siena::insn {

namespace {
using cpu::Psw;
using sie::testing::FakeSystem;
using sie::testing::HostTables;
using sie::testing::SieMachine;

constexpr u64 kControl0 = 0xE0 | cpu::cr0::kEnhancedDat | cpu::cr0::kAfpRegisters | cpu::cr0::kVector;
/// The PSW without the condition code, which stands on its own.
void set_psw(GuestRegisters& r, const Psw& psw) {
  r.psw_mask = psw.mask & ~Psw::kCc;
  r.psw_address = psw.address;
  r.cc = psw.cc;
}

GuestRegisters registers_of(const cpu::Cpu& c) {
  GuestRegisters r;
  for (unsigned n = 0; n < 16; ++n) {
    r.gr[n] = c.gr[n];
    r.fpr[n] = c.fpr(n);
    r.ar[n] = c.ar[n];
  }
  r.fpc = c.fpc;
  set_psw(r, c.psw);
  return r;
}

constexpr u16 kNewPsws[] = {0x1A0, 0x1B0, 0x1C0, 0x1D0, 0x1E0, 0x1F0};
} // namespace

class GuestProgram::Machine {
 public:
  virtual ~Machine() = default;
  /// Makes the CPU's next instruction the one at the PSW in `r`.
  virtual void enter(const GuestRegisters& r) = 0;
  virtual cpu::Cpu& cpu() = 0;
  virtual cpu::interpreter::Interpreter& interpreter() = 0;
  virtual mmu::AbsoluteStorage& storage() = 0;
  virtual u64 origin() const = 0; ///< where the program's storage begins
  /// SIE has ended: answers how, as the state description has it.
  virtual std::optional<End> left() { return std::nullopt; }

 protected:
  static void load_registers(cpu::Cpu& c, const GuestRegisters& r) {
    for (unsigned n = 0; n < 16; ++n) {
      c.gr[n] = r.gr[n];
      c.fpr(n) = r.fpr[n];
      c.ar[n] = r.ar[n];
    }
    c.fpc = r.fpc;
  }
};

class GuestProgram::FirstLevel final : public Machine {
 public:
  explicit FirstLevel(bool dat)
      : storage_(std::move(mmu::AbsoluteStorage::create(kStorageSize).value())), decoder_(system_.words),
        code_(*storage_, decoder_), interpreter_(code_), sie_(*storage_, 1),
        cpu_(0, {*storage_, clock_, floating_, {}, &system_, nullptr, nullptr, &sie_, nullptr}) {
    system_.cpus.push_back(&cpu_);
    cpu_.decoder = &decoder_;
    cpu_.state = cpu::Cpu::State::Operating;
    cpu_.attention = false;
    cpu_.cr[0] = kControl0;
    if (dat) cpu_.cr[1] = kTables;
    cpu_.set_cpu_timer(u64{1} << 62);
    cpu_.clock_comparator = ~u64{0};
    engine_ = siena::testing::engine_from_environment(interpreter_, code_, *storage_, cpu_);
  }
  void enter(const GuestRegisters& r) override {
    load_registers(cpu_, r);
    cpu_.load_psw(r.psw_mask | static_cast<u64>(r.cc) << 44, r.psw_address);
  }
  cpu::Cpu& cpu() override { return cpu_; }
  cpu::interpreter::Interpreter& interpreter() override { return interpreter_; }
  mmu::AbsoluteStorage& storage() override { return *storage_; }
  u64 origin() const override { return 0; }

 private:
  FakeSystem system_;
  cpu::timing::TodClock clock_{0xD000'0000'0000'0000};
  cpu::FloatingPending floating_;
  std::unique_ptr<mmu::AbsoluteStorage> storage_;
  cpu::isa::Decoder decoder_;
  cpu::interpreter::CodeCache code_;
  cpu::interpreter::Interpreter interpreter_;
  sie::InterpretiveExecution sie_;
  cpu::Cpu cpu_;
  std::unique_ptr<cpu::jit::Engine> engine_;
};

class GuestProgram::SecondLevel final : public Machine {
 public:
  SecondLevel(bool paged, bool dat) : dat_(dat) {
    machine_.sd.msl = SieMachine::kGuest;
    machine_.sd.ecb = static_cast<u8>(machine_.sd.ecb | sie::ecb::kSpecification);
    if (paged) {
      tables_.emplace(machine_, 0x40'0000);
      tables_->map_guest();
      machine_.cpu().cr[1] = tables_->asce();
      machine_.sd.mso = machine_.sd.msl = 0;
    }
    machine_.cpu().cr[0] |= kControl0;
    machine_.sd.gcr[0] = kControl0;
    if (dat_) machine_.sd.gcr[1] = kTables;
  }
  void enter(const GuestRegisters& r) override {
    load_registers(cpu(), r);
    machine_.sd.gg14 = r.gr[14];
    machine_.sd.gg15 = r.gr[15];
    machine_.sd.gpsw_mask = r.psw_mask | static_cast<u64>(r.cc) << 44;
    machine_.sd.gpsw_address = r.psw_address;
    machine_.write_block();
    machine_.restart_host();
    (void)interpreter().run(cpu(), cpu().cycles + 1);
  }
  cpu::Cpu& cpu() override { return machine_.cpu(); }
  cpu::interpreter::Interpreter& interpreter() override { return machine_.interpreter; }
  mmu::AbsoluteStorage& storage() override { return machine_.storage(); }
  u64 origin() const override { return SieMachine::kGuest; }
  std::optional<End> left() override {
    if (cpu().interpretive()) return std::nullopt;
    machine_.read_block();
    const sie::StateDescription& sd = machine_.sd;
    End end;
    end.registers = registers_of(cpu());
    end.registers.gr[14] = sd.gg14;
    end.registers.gr[15] = sd.gg15;
    Psw psw;
    psw.unpack(sd.gpsw_mask, sd.gpsw_address);
    set_psw(end.registers, psw);
    if (sd.icptcode == static_cast<u8>(sie::Interception::Program)) {
      end.program = load_big<u16>(sd.parameters + sie::parameter::kCode);
      end.ilc = load_big<u16>(sd.parameters + sie::parameter::kIlc);
      end.data_exception_code = load_big<u32>(sd.parameters + sie::parameter::kDataExceptionCode);
    } else {
      end.interception = sd.icptcode;
    }
    return end;
  }

 private:
  SieMachine machine_;
  std::optional<HostTables> tables_;
  bool dat_;
};

GuestProgram::GuestProgram(const Level& level) : level_(level) {
  if (level.interpretive)
    machine_ = std::make_unique<SecondLevel>(level.sie_host_paged, level.dat);
  else
    machine_ = std::make_unique<FirstLevel>(level.dat);
  const auto store = [&](u64 address, u64 value) {
    u8 bytes[8];
    store_big(bytes, value);
    put(address, bytes);
  };
  for (const u16 psw : kNewPsws) {
    store(psw, Psw::kExtendedAddressing | Psw::kBasicAddressing | Psw::kWait);
    store(psw + 8u, psw);
  }
  if (level.dat) // one-megabyte frames; behind the first there is no storage, as without DAT
    for (u64 segment = 0; segment < 512; ++segment) store(kTables + 8 * segment, segment << 20 | 0x400);
}

GuestProgram::~GuestProgram() = default;

GuestRegisters GuestProgram::initial_registers() {
  GuestRegisters r;
  for (unsigned n = 0; n < 16; ++n) {
    r.gr[n] = 0xC0DE'0000'BAD0'0000 | n << 8;
    r.fpr[n] = 0xF00D'0000'0000'0000 | n;
  }
  r.psw_mask = Psw::kExtendedAddressing | Psw::kBasicAddressing;
  r.psw_address = kStart;
  return r;
}

void GuestProgram::put(u64 address, std::span<const u8> bytes) {
  ASSERT_TRUE(address <= kStorageSize && bytes.size() <= kStorageSize - address);
  ASSERT_TRUE(machine_->storage().write({machine_->origin() + address}, bytes));
}

std::span<const u8> GuestProgram::storage() const {
  return {machine_->storage().host({machine_->origin()}), kStorageSize};
}

GuestProgram::End GuestProgram::run(const GuestRegisters& registers, unsigned instructions) {
  GuestRegisters start = registers;
  if (level_.dat) start.psw_mask |= Psw::kDat;
  machine_->enter(start);
  cpu::Cpu& c = machine_->cpu();
  const auto interrupted = [&] { return c.psw.has(Psw::kWait) && c.psw.address == cpu::lowcore::kProgramNew; };
  // A limit one cycle away ends the run at the next instruction boundary: no instruction is free.
  std::optional<End> left = machine_->left();
  for (unsigned n = 0; n < instructions && !left && !interrupted(); ++n) {
    (void)machine_->interpreter().run(c, c.cycles + 1);
    left = machine_->left();
  }
  End end = left.value_or(End{registers_of(c), {}, 0, 0, {}});
  if (!left && interrupted()) {
    Psw old;
    old.unpack(c.lowcore_load<u64>(cpu::lowcore::kProgramOld), c.lowcore_load<u64>(cpu::lowcore::kProgramOld + 8));
    set_psw(end.registers, old);
    end.program = c.lowcore_load<u16>(cpu::lowcore::kProgramCode);
    end.ilc = c.lowcore_load<u16>(cpu::lowcore::kProgramIlc);
    end.data_exception_code = c.lowcore_load<u32>(cpu::lowcore::kDataExceptionCode);
  }
  if (level_.dat) end.registers.psw_mask &= ~Psw::kDat;
  return end;
}

} // namespace siena::insn
