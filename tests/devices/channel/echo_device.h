// SPDX-License-Identifier: BSD-3-Clause
// A device that does what tests of the channel need: takes and gives bytes, searches, rejects.
#pragma once

#include "devices/channel/channel_data.h"
#include "devices/channel/device.h"

#include <algorithm>
#include <vector>

namespace siena::test {

class EchoDevice final : public devices::channel::Device {
 public:
  enum Command : u8 { kWrite = 0x01, kRead = 0x02, kSearch = 0x31, kControl = 0x0B, kSwap = 0x12 };

  void attached(devices::channel::DeviceLink& l) override { link = &l; }

  u8 start(const devices::channel::Ccw& ccw, devices::channel::ChannelData& data) override {
    namespace status = devices::channel::device_status;
    commands.push_back(ccw.command);
    switch (ccw.command) {
    case kWrite: // takes `appetite` bytes
      content.resize(appetite);
      content.resize(data.fetch(content));
      return status::kNormalEnd;
    case kRead: moved = data.store(content); return status::kNormalEnd;
    case kSearch: return status::kNormalEnd | status::kStatusModifier;
    case kControl: return status::kNormalEnd;
    case kSwap: { // reads a byte at offset 4, answers in front of it
      u8 index = 0;
      data.skip(4);
      (void)data.fetch({&index, 1});
      data.rewind();
      const u8 answer[4] = {index, index, index, index};
      (void)data.store(answer);
      return status::kNormalEnd;
    }
    default: return status::kNormalEnd | status::kUnitCheck;
    }
  }
  devices::channel::SenseBytes sense() const override { return devices::channel::command_reject_sense(); }
  void disabled() override { ++times_disabled; }
  void reset() override { ++times_reset; }
  void save(SnapshotWriter& out) const override {
    out.begin("echo", 1);
    out.number(content.size());
    out.bytes(content);
  }
  void restore(SnapshotReader& in) override {
    in.begin("echo");
    content.resize(std::min<u64>(in.number(), 65536));
    in.bytes(content);
  }

  devices::channel::DeviceLink* link = nullptr;
  std::vector<u8> content;
  std::size_t appetite = 8;
  std::size_t moved = 0;
  std::vector<u8> commands;
  int times_disabled = 0;
  int times_reset = 0;
};

} // namespace siena::test
