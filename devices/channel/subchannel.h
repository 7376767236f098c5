// SPDX-License-Identifier: BSD-3-Clause
// One subchannel: the functions start, halt, clear, resume and cancel, its status, and the program that is running on it
// (PoP, *Basic I/O Functions*, *I/O Interruptions*).
//
// START SUBCHANNEL makes the subchannel start-pending; the channel program runs in an event a little later, all of it at
// once as far as the budget goes, and ends with status pending. Until then it can be cancelled, halted or cleared. The halt
// and clear functions are done at once: there is one path, and no device here works on while its subchannel is asked to stop.
#pragma once

#include "cpu/timing/event_queue.h"
#include "devices/channel/channel_program.h"
#include "devices/channel/interruption_queue.h"

#include <initializer_list>

namespace siena::devices::channel {

/// What SCHM set up, machine-wide.
struct ChannelMonitor {
  bool active = false;
  u64 area = 0;
};

/// What all subchannels share.
struct SubchannelContext {
  mmu::AbsoluteStorage& storage;
  cpu::timing::EventQueue& events;
  InterruptionQueue& interruptions;
  ChannelMonitor& monitor;
  TraceSink* trace;
};

class Subchannel final : public DeviceLink {
 public:
  Subchannel(const SubchannelContext& context,
             SubchannelName name,
             u16 device_number,
             const DeviceIdentity& identity,
             Device& device,
             NotifiedDevice* notified);
  ~Subchannel() override;
  Subchannel(const Subchannel&) = delete;
  Subchannel& operator=(const Subchannel&) = delete;

  SubchannelName name() const { return name_; }
  const Schib& schib() const { return schib_; }
  const DeviceIdentity& identity() const { return identity_; }
  NotifiedDevice* notified_device() const { return notified_; }

  // The I/O instructions; each answers its condition code. Operands have been validated.
  u8 start(const Orb& orb);
  u8 halt();
  u8 clear();
  u8 resume();
  u8 cancel();
  u8 modify(const Schib& schib);
  u8 test(Irb& irb) const;
  void tested();

  void alert(u8 device_status) override;
  void adapter_interruption(u8 isc) override;
  u32 subchannel_name() const override { return u32{name_.set} << 16 | name_.number; }

  void reset();
  void save(SnapshotWriter& out) const;
  void restore(SnapshotReader& in);

 private:
  bool usable() const;
  bool status_pending() const { return (schib_.scsw.control & scsw::kPending) != 0; }
  u16 function() const { return schib_.scsw.control & scsw::kFunction; }
  u8 isc() const;

  void initialize_pmcw();
  void schedule_run(cpu::timing::VirtualTime at);
  void stop_program();
  void run();
  void end(const ProgramResult& result);
  void suspend(const ProgramResult& result);
  void present(u16 status);
  void present_waiting_alert();
  void count_measurement();
  void trace(TraceEvent::Phase phase, std::string_view name, std::initializer_list<TraceField> fields) const;
  void trace_status() const;

  SubchannelContext context_;
  SubchannelName name_;
  u16 device_number_;
  DeviceIdentity identity_;
  Device& device_;
  NotifiedDevice* notified_;

  Schib schib_;
  SenseBytes sense_{};
  ProgramState program_;
  bool run_scheduled_ = false;
  cpu::timing::VirtualTime run_due_ = 0;
  cpu::timing::EventId run_event_ = 0;
  bool alert_waits_ = false;
  u8 alert_status_ = 0;
};

} // namespace siena::devices::channel
