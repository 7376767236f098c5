// SPDX-License-Identifier: BSD-3-Clause
// The service-call logical processor: what a program reaches with SERVICE CALL. It tells the program what the machine has
// and carries its consoles. Rules that are not obvious:
// - A command is done when SERVICE CALL completes; the service signal with the SCCB's address follows at once. The signal's
//   event-pending bit says that Read Event Data would store something.
// - A signal names an SCCB only in answer to a command for that SCCB. New input is announced by the event-pending bit alone,
//   and only to a guest whose receive mask asks for it.
// - An unknown command is answered in the SCCB (01F0), never refused by SERVICE CALL.
#pragma once

#include "base/trace.h"
#include "cpu/ports/interruption_sink.h"
#include "cpu/ports/service_call.h"
#include "cpu/timing/event_queue.h"
#include "devices/sclp/ascii_console.h"
#include "devices/sclp/configuration.h"
#include "devices/sclp/control_program.h"
#include "devices/sclp/event_facility.h"
#include "devices/sclp/operator_console.h"
#include "devices/sclp/quiesce.h"
#include "mmu/storage.h"

#include <string_view>

namespace siena::devices::sclp {

class Sclp final : public cpu::ports::ServiceCall {
 public:
  /// The references must outlive the SCLP. All calls come from the machine's thread.
  Sclp(mmu::AbsoluteStorage& storage,
       cpu::ports::InterruptionSink& interruptions,
       const cpu::timing::EventQueue& time,
       Configuration configuration,
       TraceSink* trace = nullptr);

  /// Consoles are added before the machine starts, at most one of each kind; the SCLP owns them.
  AsciiConsole& add_ascii_console(ByteSink& output);
  OperatorConsole& add_operator_console(ByteSink& output, OperatorConsole::Options options);
  /// For a further kind of event; it calls `announcer()` when something is pending.
  void add_event_source(std::unique_ptr<EventSource> source) { events_.add(std::move(source)); }
  EventAnnouncer& announcer() { return events_; }

  Result service_call(u32 command, u32 sccb) override;

  /// Asks the guest to shut down. False: the guest does not listen (yet); the request then waits until it does.
  bool request_quiesce();
  std::optional<ControlProgram> control_program() const { return control_program_.control_program(); }

  /// The load parameter that the guest reads; an IPL may change it.
  void set_loadparm(std::string_view loadparm) { configuration_.loadparm = loadparm.substr(0, 8); }
  const Configuration& configuration() const { return configuration_; }
  /// Every value shown to the guest and the state of the event facility, one a line.
  std::vector<std::string> describe() const;

  /// Subsystem reset: forgets the guest's masks, pending events and console input. The load parameter stays.
  void reset() { events_.reset(); }
  /// The configuration is not in the snapshot, except for the load parameter.
  void save(SnapshotWriter& writer) const;
  void restore(SnapshotReader& reader);

 private:
  Result perform(u32 command, u32 sccb);
  Response execute(u32 command, Sccb& sccb);
  void report(u32 command, u32 sccb, Result result) const;
  void signal(u32 sccb);

  mmu::AbsoluteStorage& storage_;
  cpu::ports::InterruptionSink& interruptions_;
  Configuration configuration_;
  TraceSink* trace_;
  EventFacility events_;
  Quiesce& quiesce_;
  ControlProgramIdentification& control_program_;
};

} // namespace siena::devices::sclp
