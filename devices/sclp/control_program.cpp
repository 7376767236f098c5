// SPDX-License-Identifier: BSD-3-Clause
// Data: 0 format  2 system type (8)  18 system name (8)  34 system level u64  50 sysplex name (8), names in EBCDIC.
#include "devices/sclp/control_program.h"

#include "devices/sclp/ebcdic.h"

#include <algorithm>
#include <cstdio>

namespace siena::devices::sclp {

std::optional<ControlProgram> ControlProgramIdentification::control_program() const {
  if (!received_) return std::nullopt;
  const auto name = [&](std::size_t offset) { return load_ebcdic(std::span(data_).subspan(offset, 8)); };
  return ControlProgram{name(2), name(18), name(50), load_big<u64>(&data_[34]), received_at_};
}

Response ControlProgramIdentification::write(std::span<const u8> data) {
  if (data.size() < kDataSize) return Response::InconsistentLengths;
  std::copy_n(data.begin(), kDataSize, data_.begin());
  received_ = true;
  received_at_ = time_.now();
  return Response::Normal;
}

void ControlProgramIdentification::save(SnapshotWriter& writer) const {
  writer.begin("sclp-control-program", 1);
  writer.number(received_ ? 1 : 0);
  writer.number(received_at_);
  writer.bytes(data_);
}

void ControlProgramIdentification::restore(SnapshotReader& reader) {
  reader.begin("sclp-control-program");
  received_ = reader.number() != 0;
  received_at_ = reader.number();
  reader.bytes(data_);
}

std::string ControlProgramIdentification::describe() const {
  const auto program = control_program();
  if (!program) return "guest         has not identified itself";
  char level[20];
  std::snprintf(level, sizeof level, "%016llX", static_cast<unsigned long long>(program->system_level));
  return "guest         " + program->system_type + " level " + level + " name '" + program->system_name +
         "' sysplex '" + program->sysplex_name + "'";
}

} // namespace siena::devices::sclp
