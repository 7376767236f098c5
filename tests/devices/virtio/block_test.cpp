// SPDX-License-Identifier: BSD-3-Clause
#include "devices/virtio/block/block_device.h"
#include "tests/devices/memory_snapshot.h"
#include "tests/devices/virtio/fake_driver.h"

#include <numeric>
#include <random>

namespace siena::test {
namespace {

using namespace devices::virtio;

class MemoryDisk final : public block::BlockBackend {
 public:
  explicit MemoryDisk(std::size_t size) : content(size) { std::iota(content.begin(), content.end(), u8{0}); }
  u64 size() const override { return content.size(); }
  bool read_only() const override { return protect; }
  bool read(u64 offset, std::span<u8> to) override {
    if (broken) return false;
    EXPECT_LE(offset + to.size(), content.size());
    std::copy_n(content.begin() + static_cast<std::ptrdiff_t>(offset), to.size(), to.begin());
    return true;
  }
  bool write(u64 offset, std::span<const u8> from) override {
    if (broken) return false;
    EXPECT_LE(offset + from.size(), content.size());
    std::copy(from.begin(), from.end(), content.begin() + static_cast<std::ptrdiff_t>(offset));
    return true;
  }
  bool flush() override {
    ++flushes;
    return !broken;
  }
  std::vector<u8> content;
  bool protect = false;
  bool broken = false;
  int flushes = 0;
};

class Block : public DeviceBench, public ::testing::Test {
 protected:
  static constexpr u32 kIn = 0, kOut = 1, kFlush = 4, kGetId = 8;

  void SetUp() override {
    ASSERT_TRUE(css.attach(transport.attachment()).ok());
    driver.bring_up(1);
  }
  static std::vector<u8> header(FakeDriver& d, u32 type, u64 sector) {
    std::vector<u8> bytes(16);
    store(d.order(), bytes.data(), type);
    store(d.order(), bytes.data() + 8, sector);
    return bytes;
  }
  /// Queues a request; its status byte's address comes back.
  u64 request(FakeDriver& d, u32 type, u64 sector, std::vector<FakeDriver::Buffer> data, bool notify = true) {
    const auto status = d.writable(1);
    put(status.address, {0xFF});
    data.insert(data.begin(), d.readable(header(d, type, sector)));
    data.push_back(status);
    d.add(0, data);
    if (notify) {
      EXPECT_EQ(d.notify(0), 0);
    }
    return status.address;
  }
  u8 result(u64 status) {
    EXPECT_TRUE(events.settle());
    return get(status, 1)[0];
  }

  MemoryDisk disk{64 * 1024};
  block::BlockDevice device{storage(), events, disk, {.serial = "siena-disk"}};
  CcwTransport transport{storage(), events, device};
  FakeDriver driver{*this, 0};
};

TEST_F(Block, TheConfigurationSpaceDescribesTheDisk) {
  EXPECT_EQ(driver.read_configuration<u64>(0), 128u);
  EXPECT_EQ(driver.read_configuration<u32>(12), 254u);
  EXPECT_EQ(driver.read_configuration<u32>(20), 512u);
  EXPECT_EQ(driver.features & 0xFFFF, (1u << 2) | (1u << 6) | (1u << 9) | (1u << 10));
}

TEST_F(Block, OptionsOutOfRangeAreNamed) {
  EXPECT_FALSE(block::check_options({}).has_value());
  EXPECT_EQ(block::check_options({.logical_block_size = 0})->message,
            "logical_block_size: must be a power of two from 512 to 32768");
  EXPECT_TRUE(block::check_options({.logical_block_size = 4096, .physical_block_size = 512}).has_value());
  EXPECT_TRUE(block::check_options({.queue_size = 100}).has_value());
  EXPECT_TRUE(block::check_options({.serial = "longer than twenty bytes"}).has_value());
  block::BlockDevice other(storage(), events, disk, {.logical_block_size = 0, .queue_size = 0});
  EXPECT_EQ(other.queue_size(0), 256);
}

TEST_F(Block, ReadsSectorsIntoTheDriversBuffers) {
  const auto first = driver.writable(512), second = driver.writable(1024);
  const u64 status = request(driver, kIn, 3, {first, second});
  EXPECT_EQ(get(status, 1)[0], 0xFF); // not before its time
  EXPECT_FALSE(driver.take_used(0).has_value());
  EXPECT_EQ(result(status), 0);
  EXPECT_EQ(driver.take_interruptions(), (std::set<unsigned>{0}));
  EXPECT_EQ(driver.take_used(0)->length, 1537u);
  EXPECT_EQ(get(first.address, 512), std::vector<u8>(disk.content.begin() + 1536, disk.content.begin() + 2048));
  EXPECT_EQ(get(second.address, 1024), std::vector<u8>(disk.content.begin() + 2048, disk.content.begin() + 3072));
}

TEST_F(Block, WritesSectorsFromTheDriversBuffers) {
  const u64 status = request(driver, kOut, 5, {driver.readable(std::vector<u8>(512, 0xAB))});
  EXPECT_EQ(result(status), 0);
  EXPECT_EQ(driver.take_used(0)->length, 1u);
  EXPECT_EQ(std::vector<u8>(disk.content.begin() + 2560, disk.content.begin() + 3072), std::vector<u8>(512, 0xAB));
  EXPECT_EQ(disk.content[3072], 0);
}

TEST_F(Block, ServesLegacyDrivers) {
  disable(id(0));
  FakeDriver legacy(*this, 0, 0x20'0000);
  legacy.bring_up(1, 0, 0, false);
  EXPECT_EQ(legacy.read_configuration<u64>(0), 128u);
  const auto data = legacy.writable(512);
  const u64 status = request(legacy, kIn, 1, {data});
  EXPECT_EQ(result(status), 0);
  EXPECT_EQ(get(data.address, 512), std::vector<u8>(disk.content.begin() + 512, disk.content.begin() + 1024));
  EXPECT_EQ(legacy.take_interruptions(), (std::set<unsigned>{0}));
}

TEST_F(Block, HeaderDataAndStatusMayBeSpreadOverDescriptorsAnyhow) {
  const auto bytes = header(driver, kIn, 2);
  const auto data = driver.writable(513);
  driver.add(
      0,
      {driver.readable({bytes.begin(), bytes.begin() + 7}), driver.readable({bytes.begin() + 7, bytes.end()}), data});
  driver.notify(0);
  EXPECT_EQ(result(data.address + 512), 0);
  EXPECT_EQ(get(data.address, 512), std::vector<u8>(disk.content.begin() + 1024, disk.content.begin() + 1536));
}

TEST_F(Block, ManyRequestsInIndirectTablesCompleteInOrder) {
  std::vector<u16> heads;
  for (u64 i = 0; i < 100; ++i) {
    const auto status = driver.writable(1);
    heads.push_back(driver.add_indirect(0, {driver.readable(header(driver, kIn, i)), driver.writable(512), status}));
  }
  driver.notify(0);
  EXPECT_TRUE(events.settle());
  for (const u16 head : heads) {
    const auto used = driver.take_used(0);
    ASSERT_TRUE(used.has_value());
    EXPECT_EQ(used->head, head);
  }
}

TEST_F(Block, CompletionTimesFollowFromTheCostModelAlone) {
  request(driver, kIn, 0, {driver.writable(512 * 100)});
  request(driver, kIn, 0, {driver.writable(512)});
  events.advance(cpu::timing::microseconds(101)); // 50 us and 51,200 bytes at 1,000 a microsecond
  EXPECT_FALSE(driver.take_used(0).has_value());
  events.advance(cpu::timing::microseconds(1));
  EXPECT_TRUE(driver.take_used(0).has_value());
  EXPECT_TRUE(driver.take_used(0).has_value());
}

TEST_F(Block, FlushReachesTheBackend) {
  EXPECT_EQ(result(request(driver, kFlush, 0, {})), 0);
  EXPECT_EQ(disk.flushes, 1);
}

TEST_F(Block, GetIdAnswersTheSerial) {
  const auto data = driver.writable(20);
  EXPECT_EQ(result(request(driver, kGetId, 0, {data})), 0);
  const auto bytes = get(data.address, 20);
  EXPECT_EQ(std::string(bytes.begin(), bytes.begin() + 11), std::string("siena-disk\0", 11));
}

TEST_F(Block, BackendErrorsBecomeIoErrors) {
  disk.broken = true;
  EXPECT_EQ(result(request(driver, kIn, 0, {driver.writable(512)})), 1);
  EXPECT_EQ(result(request(driver, kOut, 0, {driver.readable(std::vector<u8>(512))})), 1);
  EXPECT_EQ(result(request(driver, kFlush, 0, {})), 1);
}

TEST_F(Block, RequestsOutsideTheDiskAreIoErrors) {
  for (const u64 sector : {u64{128}, u64{127}, ~u64{0}, ~u64{0} / 512})
    EXPECT_EQ(result(request(driver, kIn, sector, {driver.writable(1024)})), 1) << sector;
  EXPECT_EQ(result(request(driver, kIn, 0, {driver.writable(100)})), 1); // not a whole sector
  EXPECT_EQ(result(request(driver, kIn, 126, {driver.writable(1024)})), 0);
}

TEST_F(Block, UnknownRequestsAreUnsupported) {
  EXPECT_EQ(result(request(driver, 11, 0, {driver.readable(std::vector<u8>(16))})), 2);
  EXPECT_EQ(result(request(driver, ~u32{0}, 0, {})), 2);
}

TEST_F(Block, AReadOnlyDiskSaysSoAndRefusesWrites) {
  MemoryDisk other(4096);
  other.protect = true;
  block::BlockDevice other_device(storage(), events, other);
  CcwTransport other_transport(storage(), events, other_device);
  ASSERT_TRUE(css.attach(other_transport.attachment()).ok());
  FakeDriver d(*this, 1, 0x30'0000);
  d.bring_up(1);
  EXPECT_EQ(d.features & (1 << 5), 1u << 5);
  EXPECT_EQ(result(request(d, kOut, 0, {d.readable(std::vector<u8>(512, 0xEE))})), 1);
  EXPECT_EQ(other.content[0], 0);
}

TEST_F(Block, ARequestWithoutStatusByteOrHeaderStopsTheDevice) {
  driver.add(0, {driver.readable(std::vector<u8>(16))});
  driver.notify(0);
  EXPECT_EQ(driver.read_status(), 0x4F);

  driver.reset();
  FakeDriver d(*this, 0, 0x20'0000);
  disable(id(0));
  d.bring_up(1);
  d.add(0, {d.readable({1, 2, 3}), d.writable(1)});
  d.notify(0);
  EXPECT_EQ(d.read_status(), 0x4F);
  EXPECT_TRUE(events.settle());
}

TEST_F(Block, ARequestChangedUnderWayIsCheckedAgain) {
  request(driver, kIn, 0, {driver.writable(512)});
  for (unsigned i = 0; i < 256; ++i)
    driver.put_descriptor(driver.queues[0].descriptors + 16 * i, ~u64{0} - 100, 4096, 2, 0);
  EXPECT_TRUE(events.settle());
  EXPECT_EQ(driver.read_status(), 0x4F);
}

TEST_F(Block, AResetForgetsRequestsUnderWay) {
  request(driver, kOut, 0, {driver.readable(std::vector<u8>(512, 0xEE))});
  ASSERT_TRUE(driver.reset());
  EXPECT_TRUE(events.settle());
  EXPECT_EQ(disk.content[1], 1);
}

TEST_F(Block, ASnapshotCarriesRequestsUnderWay) {
  const auto data = driver.writable(512);
  const u64 status = request(driver, kIn, 7, {data});
  request(driver, kFlush, 0, {});
  MemorySnapshotWriter out;
  css.save(out);
  MemoryDisk other_disk(64 * 1024);
  block::BlockDevice other_device(storage(), events, other_disk);
  CcwTransport other(storage(), events, other_device);
  devices::channel::ChannelSubsystem other_css(storage(), events, sink);
  ASSERT_TRUE(other_css.attach(other.attachment()).ok());
  MemorySnapshotReader in(out.snapshot);
  ASSERT_TRUE(other_css.restore(in));
  EXPECT_TRUE(in.at_end());
  MemorySnapshotWriter again;
  other_css.save(again);
  EXPECT_EQ(out.snapshot, again.snapshot);
  css.reset();
  EXPECT_EQ(result(status), 0);
  EXPECT_EQ(other_disk.flushes, 1);
  EXPECT_EQ(disk.flushes, 0);
  EXPECT_TRUE(driver.take_used(0).has_value());
  EXPECT_TRUE(driver.take_used(0).has_value());
}

TEST_F(Block, RandomRequestsNeverHangOrEscape) {
  for (u32 seed = 0; seed < 300; ++seed) {
    std::mt19937 random(seed);
    disable(id(0));
    FakeDriver d(*this, 0, 0x20'0000);
    d.bring_up(1);
    for (unsigned k = 0; k < 20; ++k) {
      for (unsigned i = 0; i < 16; ++i) {
        std::vector<u8> bytes =
            header(d, static_cast<u32>(random() % 10), random() % 4 == 0 ? random() : random() % 130);
        put(0x40'0000 + 0x1000 * i, bytes);
        const u32 length = i % 4 == 0 ? 16 : static_cast<u32>(random() % 6 == 0 ? random() : 512 * (random() % 4) + 1);
        d.put_descriptor(d.queues[0].descriptors + 16 * i,
                         random() % 20 == 0 ? random() : 0x40'0000 + 0x1000 * (i % 4 == 0 ? i : random() % 16),
                         length,
                         static_cast<u16>((i % 4 == 0 ? 1 : random() % 2) | (i % 4 == 0          ? 0
                                                                             : random() % 8 != 0 ? 2
                                                                                                 : 0)),
                         static_cast<u16>(random() % 8 == 0 ? random() : i + 1));
      }
      d.make_available(0, static_cast<u16>(random() % 8 == 0 ? random() : 4 * (random() % 4)));
      ASSERT_EQ(d.notify(0), 0);
      ASSERT_TRUE(events.settle()) << "seed " << seed;
    }
    while (css.take_interruption(0xFF)) {
    }
    (void)tsch(id(0));
  }
}

} // namespace
} // namespace siena::test
