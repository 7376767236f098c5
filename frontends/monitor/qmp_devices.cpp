// SPDX-License-Identifier: BSD-3-Clause
// QMP's commands about what is attached to the machine.
#include "frontends/monitor/qmp_command.h"

#include <fmt/format.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace siena::frontends::monitor {

namespace {
/// Bytes in an image and bytes that it takes on the host; zeros when it is gone.
std::pair<s64, s64> sizes(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return {};
  struct stat info = {};
  const s64 size = ::lseek(file, 0, SEEK_END);
  const bool known = ::fstat(file, &info) == 0;
  ::close(file);
  return {size < 0 ? 0 : size, known ? s64{info.st_blocks} * 512 : 0};
}

/// Where a device is in QEMU's tree of objects: by its id, or by its number among those without one.
std::optional<std::string> path_of_user(const machine::Configuration& configuration, const std::string& drive) {
  unsigned anonymous = 0;
  for (const auto& device : configuration.devices) {
    const std::string* id = machine::find_property(device.properties, "id");
    const std::string* used = machine::find_property(device.properties, "drive");
    if (used != nullptr && *used == drive)
      return id != nullptr ? fmt::format("/machine/peripheral/{}/virtio-backend", *id)
                           : fmt::format("/machine/peripheral-anon/device[{}]/virtio-backend", anonymous);
    anonymous += id == nullptr ? 1 : 0;
  }
  return std::nullopt;
}

Json medium(const machine::Drive& drive) {
  const auto [size, occupied] = sizes(drive.file);
  return {{"iops_rd", 0},
          {"detect_zeroes", "off"},
          {"image",
           {{"virtual-size", size},
            {"filename", drive.file},
            {"format", drive.format},
            {"actual-size", occupied},
            {"dirty-flag", false}}},
          {"iops_wr", 0},
          {"ro", drive.read_only},
          {"node-name", "#" + drive.id},
          {"backing_file_depth", 0},
          {"drv", drive.format},
          {"iops", 0},
          {"bps_wr", 0},
          {"write_threshold", 0},
          {"encrypted", false},
          {"bps", 0},
          {"bps_rd", 0},
          {"cache", {{"no-flush", false}, {"direct", false}, {"writeback", true}}},
          {"file", drive.file}};
}

Answer query_block(const Subject& subject, const Json&) {
  Json all = Json::array();
  for (const auto& drive : subject.configuration.drives) {
    Json one = {{"device", drive.id},
                {"locked", false},
                {"removable", false},
                {"inserted", medium(drive)},
                {"type", "unknown"}};
    if (auto path = path_of_user(subject.configuration, drive.id)) {
      one["io-status"] = "ok";
      one["qdev"] = *path;
    }
    all.push_back(one);
  }
  return all;
}

std::string file_name(const machine::CharacterDevice& chardev) {
  using Kind = machine::CharacterDeviceKind;
  switch (chardev.kind) {
  case Kind::Stdio: return "stdio";
  case Kind::File: return "file";
  case Kind::Pty: return "pty";
  case Kind::Null: return "null";
  }
  return "";
}

Answer query_chardev(const Subject& subject, const Json&) {
  Json all = Json::array();
  for (const auto& chardev : subject.configuration.chardevs)
    all.push_back({{"frontend-open", true}, {"filename", file_name(chardev)}, {"label", chardev.id}});
  for (const auto& monitor : subject.configuration.monitor_sockets)
    all.push_back({{"frontend-open", true},
                   {"filename",
                    monitor.path.empty() ? fmt::format("tcp:{}:{},server=on", monitor.address, monitor.port)
                                         : fmt::format("unix:{},server=on", monitor.path)},
                   {"label", monitor.id}});
  return all;
}
} // namespace

std::span<const QmpCommand> device_commands() {
  static const QmpCommand kCommands[] = {
      {"query-block", {}, query_block},
      {"query-chardev", {}, query_chardev},
  };
  return kCommands;
}

} // namespace siena::frontends::monitor
