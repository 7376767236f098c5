// SPDX-License-Identifier: BSD-3-Clause
#include "machine/peripherals.h"

#include "machine/machine.h"

#include <algorithm>
#include <charconv>

namespace siena::machine {

namespace virtio = devices::virtio;

namespace {

std::optional<u64> number_property(const Device& device, const char* key) {
  const std::string* text = find_property(device.properties, key);
  if (text == nullptr) return std::nullopt;
  u64 value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size()) return std::nullopt;
  return value;
}

bool is_port(const Device& device) { return device.driver == "virtconsole" || device.driver == "virtserialport"; }

} // namespace

void ExitStatusPort::write(std::span<const u8> bytes) {
  constexpr std::size_t kLongest = 16;
  for (const u8 b : bytes)
    if (text_.size() < kLongest) text_ += static_cast<char>(b);
  int value = 0;
  const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
  const bool clean = error == std::errc{} && std::all_of(end,
                                                         static_cast<const char*>(text_.data() + text_.size()),
                                                         [](char c) { return c == '\n' || c == '\r' || c == ' '; });
  status_ = clean && value >= 0 && value <= 255 ? std::optional{value} : std::nullopt;
  if (!bytes.empty() && bytes.back() == '\n') text_.clear();
}

Peripherals::Peripherals(const Configuration& configuration, const Parts& parts, u64 seed)
    : configuration_(configuration), parts_(parts), entropy_(seed) {}

Peripherals::Error Peripherals::add_sclp_console(const Device& device) {
  const std::string* chardev = find_property(device.properties, "chardev");
  if (chardev == nullptr) return ConfigurationError{"-device " + device.driver + ": needs chardev=", 2};
  devices::ByteSink& output = parts_.surroundings.output(*chardev);
  if (device.driver == "sclpconsole") {
    auto& console = parts_.sclp.add_ascii_console(output);
    parts_.external.connect(*chardev, [&console](std::span<const u8> bytes) { return console.receive(bytes); });
  } else {
    auto& console = parts_.sclp.add_operator_console(output, {});
    parts_.external.connect(*chardev, [&console](std::span<const u8> bytes) { return console.receive(bytes); });
  }
  return std::nullopt;
}

Peripherals::Error Peripherals::attach(virtio::VirtioDevice& device, const Device* from) {
  transports_.push_back(std::make_unique<virtio::CcwTransport>(parts_.storage, parts_.events, device, parts_.trace));
  std::optional<devices::channel::DeviceNumber> number;
  if (const std::string* devno = from != nullptr ? find_property(from->properties, "devno") : nullptr) {
    auto parsed = devices::channel::parse_device_number(*devno);
    if (!parsed)
      return ConfigurationError{"-device " + from->driver + ",devno=" + *devno + ": " + parsed.error().message, 2};
    number = parsed.value();
  }
  if (auto attached = parts_.channels.attach(transports_.back()->attachment(number)); !attached)
    return ConfigurationError{
        "-device " + (from != nullptr ? from->driver : "virtio-serial-ccw") + ": " + attached.error().message, 2};
  return std::nullopt;
}

Peripherals::Error Peripherals::add_block(const Device& device) {
  const std::string* id = find_property(device.properties, "drive");
  const Drive* drive = id != nullptr ? find_drive(configuration_, *id) : nullptr;
  if (drive == nullptr) return ConfigurationError{"-device " + device.driver + ": needs drive= naming a -drive", 2};
  if (drive->snapshot) return ConfigurationError{"-drive file=" + drive->file + ": snapshot=on is not available", 2};
  auto file = host::ImageFile::open(
      drive->file, drive->read_only ? host::ImageFile::Access::ReadOnly : host::ImageFile::Access::ReadWrite);
  if (!file) return ConfigurationError{"-drive file=" + drive->file + ": " + file.error().message, 125};
  images_.push_back(std::make_unique<ImageBackend>(std::move(file.value())));
  virtio::block::BlockOptions options;
  if (const std::string* serial = find_property(device.properties, "serial")) options.serial = *serial;
  if (auto size = number_property(device, "logical_block_size")) options.logical_block_size = static_cast<u32>(*size);
  options.physical_block_size = std::max(options.physical_block_size, options.logical_block_size);
  if (auto size = number_property(device, "physical_block_size")) options.physical_block_size = static_cast<u32>(*size);
  if (auto size = number_property(device, "queue-size")) options.queue_size = static_cast<u16>(*size);
  virtio_.push_back(
      std::make_unique<virtio::block::BlockDevice>(parts_.storage, parts_.events, *images_.back(), options));
  return attach(*virtio_.back(), &device);
}

Peripherals::Error Peripherals::add_rng(const Device& device) {
  virtio_.push_back(std::make_unique<virtio::rng::RngDevice>(parts_.storage, entropy_));
  return attach(*virtio_.back(), &device);
}

Peripherals::Error Peripherals::add_serial(const Device* device, std::span<const Device> ports) {
  virtio::console::ConsoleOptions options;
  std::vector<const std::string*> inputs;
  u32 next = device == nullptr ||
                     std::none_of(ports.begin(), ports.end(), [](const Device& p) { return p.driver == "virtconsole"; })
                 ? 1
                 : 0;
  bool exit_port = false;
  for (const Device& p : ports) {
    virtio::console::PortOptions port;
    port.console = p.driver == "virtconsole";
    port.number = static_cast<u32>(number_property(p, "nr").value_or(next));
    next = port.number + 1;
    if (const std::string* name = find_property(p.properties, "name")) port.name = *name;
    exit_port = exit_port || port.name == kExitPort;
    const std::string* chardev = find_property(p.properties, "chardev");
    if (port.name == kExitPort)
      port.output = &exit_port_;
    else if (chardev != nullptr)
      port.output = &parts_.surroundings.output(*chardev);
    inputs.push_back(chardev);
    if (port.number >= virtio::console::ConsoleDevice::kMaximumPorts ||
        std::any_of(options.ports.begin(), options.ports.end(), [&](const auto& o) { return o.number == port.number; }))
      return ConfigurationError{
          "-device " + p.driver + ": port number " + std::to_string(port.number) + " is taken or too large", 2};
    options.ports.push_back(port);
  }
  if (!exit_port && next < virtio::console::ConsoleDevice::kMaximumPorts)
    options.ports.push_back({next, false, kExitPort, &exit_port_});
  if (auto maximum = device != nullptr ? number_property(*device, "max_ports") : std::nullopt)
    options.maximum_ports = std::min<u32>(static_cast<u32>(*maximum), virtio::console::ConsoleDevice::kMaximumPorts);
  auto console = std::make_unique<virtio::console::ConsoleDevice>(parts_.storage, options);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i] == nullptr) continue;
    virtio::console::Port* port = console->port(options.ports[i].number);
    parts_.external.connect(*inputs[i], [port](std::span<const u8> bytes) { return port->receive(bytes); });
  }
  virtio_.push_back(std::move(console));
  return attach(*virtio_.back(), device);
}

Peripherals::Error Peripherals::build() {
  const std::span<const Device> all(configuration_.devices);
  bool serial = false;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Device& device = all[i];
    Error error;
    if (device.driver == "sclpconsole" || device.driver == "sclplmconsole") {
      error = add_sclp_console(device);
    } else if (device.driver == "virtio-blk-ccw") {
      error = add_block(device);
    } else if (device.driver == "virtio-rng-ccw") {
      error = add_rng(device);
    } else if (device.driver == "virtio-serial-ccw") {
      std::size_t ports = 0;
      while (i + 1 + ports < all.size() && is_port(all[i + 1 + ports])) ++ports;
      error = add_serial(&device, all.subspan(i + 1, ports));
      serial = true;
      i += ports;
    } else {
      error = ConfigurationError{"-device " + device.driver + ": not available in this machine", 2};
    }
    if (error) return error;
  }
  return serial ? std::nullopt : add_serial(nullptr, {});
}

} // namespace siena::machine
