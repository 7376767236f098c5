// SPDX-License-Identifier: BSD-3-Clause
#include "machine/peripherals.h"

#include "machine/machine.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace siena::machine {

namespace virtio = devices::virtio;

namespace {

ConfigurationError device_error(const Device& device, const std::string& what) {
  return {"-device " + device.driver + ": " + what, 2};
}

/// Sets `target` when the device has the property `key`; a value that it cannot hold is the error.
template <typename T>
std::optional<ConfigurationError> read_number(const Device& device, const char* key, T& target) {
  const std::string* text = find_property(device.properties, key);
  if (text == nullptr) return std::nullopt;
  T value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc{} || end != text->data() + text->size())
    return device_error(
        device, key + ("=" + *text) + ": not a number from 0 to " + std::to_string(std::numeric_limits<T>::max()));
  target = value;
  return std::nullopt;
}

/// The hint `key`, a number of bytes, in logical blocks.
template <typename T>
std::optional<ConfigurationError> read_blocks(const Device& device, const char* key, u32 block_size, T& blocks) {
  u32 bytes = 0;
  if (auto error = read_number(device, key, bytes)) return error;
  if (bytes % block_size != 0 || bytes / block_size > std::numeric_limits<T>::max())
    return device_error(device,
                        key + ("=" + std::to_string(bytes)) + ": not up to " +
                            std::to_string(std::numeric_limits<T>::max()) + " logical blocks of " +
                            std::to_string(block_size) + " bytes");
  blocks = static_cast<T>(bytes / block_size);
  return std::nullopt;
}

std::optional<ConfigurationError> read_block_options(const Device& device, virtio::block::BlockOptions& options) {
  if (const std::string* serial = find_property(device.properties, "serial")) options.serial = *serial;
  if (auto error = read_number(device, "logical_block_size", options.logical_block_size)) return error;
  options.physical_block_size = std::max(options.physical_block_size, options.logical_block_size);
  if (auto error = read_number(device, "physical_block_size", options.physical_block_size)) return error;
  if (auto error = read_number(device, "queue-size", options.queue_size)) return error;
  if (const auto refused = virtio::block::check_options(options)) return device_error(device, refused->message);
  if (auto error = read_blocks(device, "min_io_size", options.logical_block_size, options.minimum_io_size))
    return error;
  return read_blocks(device, "opt_io_size", options.logical_block_size, options.optimal_io_size);
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
  if (chardev == nullptr) return device_error(device, "needs chardev=");
  const auto* first = std::find_if(
      configuration_.devices.data(), &device, [&](const Device& other) { return other.driver == device.driver; });
  if (first != &device) return device_error(device, "there can be only one of this kind");
  devices::ByteSink& output = parts_.surroundings.output(*chardev);
  if (device.driver == "sclpconsole") {
    auto& console = parts_.sclp.add_ascii_console(output);
    connect_input(*chardev, [&console](std::span<const u8> bytes) { return console.receive(bytes); });
  } else {
    devices::sclp::OperatorConsole::Options options;
    options.echo = property_is_on(device.properties, "echo", options.echo);
    auto& console = parts_.sclp.add_operator_console(output, options);
    connect_input(*chardev, [&console](std::span<const u8> bytes) { return console.receive(bytes); });
  }
  return std::nullopt;
}

void Peripherals::connect_input(const std::string& chardev, ExternalEvents::Receiver receiver) {
  parts_.external.connect(input_source(chardev, ++users_[chardev]), std::move(receiver));
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
  if (drive == nullptr) return device_error(device, "needs drive= naming a -drive");
  if (drive->snapshot) return ConfigurationError{"-drive file=" + drive->file + ": snapshot=on is not available", 2};
  virtio::block::BlockOptions options;
  if (auto error = read_block_options(device, options)) return error;
  auto file = host::ImageFile::open(
      drive->file, drive->read_only ? host::ImageFile::Access::ReadOnly : host::ImageFile::Access::ReadWrite);
  if (!file) return ConfigurationError{"-drive file=" + drive->file + ": " + file.error().message, 125};
  images_.push_back(std::make_unique<ImageBackend>(std::move(file.value())));
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
    port.number = next;
    if (auto error = read_number(p, "nr", port.number)) return error;
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
      return device_error(p, "port number " + std::to_string(port.number) + " is taken or too large");
    options.ports.push_back(port);
  }
  if (!exit_port && next < virtio::console::ConsoleDevice::kMaximumPorts)
    options.ports.push_back({next, false, kExitPort, &exit_port_});
  if (device != nullptr && find_property(device->properties, "max_ports") != nullptr) {
    if (auto error = read_number(*device, "max_ports", options.maximum_ports)) return error;
    if (options.maximum_ports == 0 || options.maximum_ports > virtio::console::ConsoleDevice::kMaximumPorts)
      return device_error(*device,
                          "max_ports=" + std::to_string(options.maximum_ports) + ": not a number from 1 to " +
                              std::to_string(virtio::console::ConsoleDevice::kMaximumPorts));
  }
  auto console = std::make_unique<virtio::console::ConsoleDevice>(parts_.storage, options);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i] == nullptr) continue;
    virtio::console::Port* port = console->port(options.ports[i].number);
    connect_input(*inputs[i], [port](std::span<const u8> bytes) { return port->receive(bytes); });
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
    } else if (is_port(device)) {
      error = device_error(device, "there is no -device virtio-serial-ccw in front of it");
    } else {
      error = device_error(device, "not available in this machine");
    }
    if (error) return error;
  }
  return serial ? std::nullopt : add_serial(nullptr, {});
}

} // namespace siena::machine
