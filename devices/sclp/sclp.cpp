// SPDX-License-Identifier: BSD-3-Clause
#include "devices/sclp/sclp.h"

#include "base/check.h"
#include "devices/sclp/read_information.h"

namespace siena::devices::sclp {
namespace {

/// The third byte of a command names an element, CPU or adapter.
constexpr u32 kCommandMask = 0xFFFF'00FF;
constexpr u32 kReadScpInformation = 0x0002'0001;
constexpr u32 kReadScpInformationForced = 0x0012'0001;
constexpr u32 kReadCpuInformation = 0x0001'0001;
constexpr u32 kReadStorageElementInformation = 0x0004'0001;
constexpr u32 kReadEventData = 0x0077'0005;
constexpr u32 kWriteEventData = 0x0076'0005;
constexpr u32 kWriteEventMask = 0x0078'0005;

constexpr u32 kEventPending = 1;

bool is_known(u32 command) {
  switch (command & kCommandMask) {
  case kReadScpInformation:
  case kReadScpInformationForced:
  case kReadCpuInformation:
  case kReadStorageElementInformation:
  case kReadEventData:
  case kWriteEventData:
  case kWriteEventMask: return true;
  default: return false;
  }
}

std::string_view command_name(u32 command) {
  switch (command & kCommandMask) {
  case kReadScpInformation:
  case kReadScpInformationForced: return "read-scp-information";
  case kReadCpuInformation: return "read-cpu-information";
  case kReadStorageElementInformation: return "read-storage-element";
  case kReadEventData: return "read-event-data";
  case kWriteEventData: return "write-event-data";
  case kWriteEventMask: return "write-event-mask";
  default: return "unknown";
  }
}

bool may_cross_pages(u32 command, const Configuration& configuration) {
  if (!configuration.extended_length_sccb) return false;
  command &= kCommandMask;
  return command == kReadScpInformation || command == kReadScpInformationForced || command == kReadCpuInformation;
}

template <typename Source>
Source& added(EventFacility& events, std::unique_ptr<Source> source) {
  Source& reference = *source;
  events.add(std::move(source));
  return reference;
}

} // namespace

Sclp::Sclp(mmu::AbsoluteStorage& storage,
           cpu::ports::InterruptionSink& interruptions,
           const cpu::timing::EventQueue& time,
           Configuration configuration,
           TraceSink* trace)
    : storage_(storage), interruptions_(interruptions), configuration_(std::move(configuration)), trace_(trace),
      events_([this] { signal(0); }), quiesce_(added(events_, std::make_unique<Quiesce>(events_))),
      control_program_(added(events_, std::make_unique<ControlProgramIdentification>(time))) {
  set_loadparm(std::string(configuration_.loadparm));
  CHECK(configuration_.cpus >= 1 && configuration_.cpus <= Configuration::kMaximumCpus, "CPU count");
}

AsciiConsole& Sclp::add_ascii_console(ByteSink& output) {
  return added(events_, std::make_unique<AsciiConsole>(events_, output));
}

OperatorConsole& Sclp::add_operator_console(ByteSink& output, OperatorConsole::Options options) {
  return added(events_, std::make_unique<OperatorConsole>(events_, output, options));
}

void Sclp::signal(u32 sccb) {
  const u32 parameter = sccb | (events_.pending() ? kEventPending : 0);
  if (parameter != 0) interruptions_.service_signal(parameter);
}

Sclp::Result Sclp::service_call(u32 command, u32 sccb) {
  const Result result = perform(command, sccb);
  if (tracing(trace_, TraceCategory::Sclp) != nullptr) report(command, sccb, result);
  return result;
}

void Sclp::report(u32 command, u32 sccb, Result result) const {
  const AbsoluteAddress address{sccb};
  const TraceField fields[] = {TraceField::hex("command", command, 8),
                               TraceField::hex("sccb", sccb, 0),
                               TraceField::decimal("length", storage_.load<u16>(address).value_or(0)),
                               result == Result::Addressing ? TraceField::text("refused", "addressing")
                               : result == Result::Specification
                                   ? TraceField::text("refused", "specification")
                                   : TraceField::hex("response", storage_.load<u16>(address + 6).value_or(0), 4)};
  trace_->report(
      {.category = TraceCategory::Sclp, .name = command_name(command), .stamp = trace_->stamp(), .fields = fields});
}

Sclp::Result Sclp::perform(u32 command, u32 sccb_address) {
  const AbsoluteAddress address{sccb_address};
  const auto length = storage_.load<u16>(address);
  if (!length) return Result::Addressing;
  if (*length < Sccb::kHeaderSize) return Result::Specification;

  const u64 last_page = (address.value + *length - 1) & kPageMask;
  Response refused = Response::Normal;
  if (!is_known(command))
    refused = Response::InvalidCommand;
  else if (last_page != address.page().value && !may_cross_pages(command, configuration_)) {
    refused = Response::BoundaryViolation;
  }
  if (refused != Response::Normal) {
    if (!storage_.store(address + 6, static_cast<u16>(refused))) return Result::Addressing;
    signal(sccb_address);
    return Result::Accepted;
  }

  if (!storage_.contains(address, *length)) return Result::Addressing;
  Sccb sccb(*length);
  if (!storage_.read(address, sccb.bytes())) return Result::Addressing;
  sccb.set_response(execute(command, sccb));
  if (!storage_.write(address, sccb.bytes())) return Result::Addressing;
  signal(sccb_address);
  return Result::Accepted;
}

Response Sclp::execute(u32 command, Sccb& sccb) {
  switch (command & kCommandMask) {
  case kReadScpInformation:
  case kReadScpInformationForced: return read_scp_information(sccb, configuration_, storage_.size());
  case kReadCpuInformation: return read_cpu_information(sccb, configuration_);
  case kReadStorageElementInformation:
    return read_storage_element_information(sccb, configuration_, storage_.size(), static_cast<u8>(command >> 8));
  case kReadEventData: return events_.read_event_data(sccb);
  case kWriteEventData: return events_.write_event_data(sccb);
  case kWriteEventMask: return events_.write_event_mask(sccb);
  default: return Response::InvalidCommand;
  }
}

bool Sclp::request_quiesce() {
  quiesce_.request();
  return events_.guest_receives(EventType::SignalQuiesce);
}

std::vector<std::string> Sclp::describe() const {
  auto lines = sclp::describe(configuration_, storage_.size());
  for (auto& line : events_.describe()) lines.push_back(std::move(line));
  return lines;
}

void Sclp::save(SnapshotWriter& writer) const {
  writer.begin("sclp", 1);
  std::array<u8, 8> loadparm{};
  std::copy(configuration_.loadparm.begin(), configuration_.loadparm.end(), loadparm.begin());
  writer.bytes(loadparm);
  events_.save(writer);
}

void Sclp::restore(SnapshotReader& reader) {
  reader.begin("sclp");
  std::array<u8, 8> loadparm{};
  reader.bytes(loadparm);
  configuration_.loadparm.assign(loadparm.begin(), std::find(loadparm.begin(), loadparm.end(), u8{0}));
  events_.restore(reader);
}

} // namespace siena::devices::sclp
