// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/cli/terminals.h"

#include "base/check.h"

#include <fmt/format.h>

#include <algorithm>

namespace siena::frontends::cli {

namespace {
/// A device of the machine that reads a terminal.
class DeviceInput final : public console::TerminalUser {
 public:
  DeviceInput(machine::ExternalEvents& events, std::string source) : events_(events), source_(std::move(source)) {}

  std::size_t receive(std::span<const u8> bytes) override {
    // What the guest has not read yet stays with the sender.
    if (events_.undelivered(source_) >= kMostUnread) return 0;
    events_.submit(source_, bytes);
    return bytes.size();
  }

 private:
  static constexpr std::size_t kMostUnread = 64 * 1024;
  machine::ExternalEvents& events_;
  std::string source_;
};

host::CharacterOptions options_of(const machine::CharacterDevice& chardev) {
  using From = machine::CharacterDeviceKind;
  using To = host::CharacterOptions::Kind;
  host::CharacterOptions options;
  switch (chardev.kind) {
  case From::Stdio: options.kind = To::Stdio; break;
  case From::File: options.kind = To::File; break;
  case From::Pty: options.kind = To::Pty; break;
  case From::Null: options.kind = To::Null; break;
  }
  options.path = chardev.path;
  options.append = chardev.append;
  options.signals = chardev.signal;
  return options;
}
} // namespace

struct Terminals::Terminal final : devices::ByteSink {
  Terminal(const Terminals& all, std::unique_ptr<host::CharacterDevice> opened)
      : terminals(all), device(std::move(opened)) {}
  void write(std::span<const u8> bytes) override {
    device->write(bytes);
    if (terminals.observer_) terminals.observer_(bytes);
  }

  const Terminals& terminals;
  std::unique_ptr<host::CharacterDevice> device;
  bool is_mux = false;
  unsigned devices = 0;
  unsigned monitors = 0;
  std::vector<std::unique_ptr<console::TerminalUser>> users;
  std::optional<console::Mux> mux;
};

Terminals::~Terminals() { disconnect(); }

Result<std::unique_ptr<Terminals>> Terminals::open(const machine::Configuration& configuration, host::EventLoop& loop) {
  std::unique_ptr<Terminals> all{new Terminals};
  for (const auto& chardev : configuration.chardevs) {
    auto device = host::CharacterDevice::open(loop, options_of(chardev));
    if (!device)
      return ConfigurationError{.message = fmt::format("-chardev {}: {}", chardev.id, device.error().message)};
    auto terminal = std::make_unique<Terminal>(*all, std::move(device.value()));
    terminal->is_mux = chardev.mux;
    for (const auto& user : configuration.devices) {
      const std::string* id = machine::find_property(user.properties, "chardev");
      terminal->devices += id != nullptr && *id == chardev.id ? 1 : 0;
    }
    for (const auto& monitor : configuration.monitors) terminal->monitors += monitor.chardev == chardev.id ? 1 : 0;
    all->terminals_.emplace(chardev.id, std::move(terminal));
  }
  return all;
}

devices::ByteSink& Terminals::output(const std::string& chardev) {
  const auto found = terminals_.find(chardev);
  CHECK(found != terminals_.end(), "the command line's references have been checked");
  return *found->second;
}

void Terminals::connect(machine::ExternalEvents& events, const monitor::Subject& subject) {
  for (auto& [id, terminal] : terminals_) {
    const auto write = [device = terminal->device.get()](std::span<const u8> bytes) { device->write(bytes); };
    for (unsigned n = 1; n <= terminal->devices; n++)
      terminal->users.push_back(std::make_unique<DeviceInput>(events, machine::input_source(id, n)));
    for (unsigned i = 0; i < terminal->monitors; i++)
      terminal->users.push_back(std::make_unique<monitor::HumanMonitor>(subject, write));
    if (!terminal->is_mux) {
      if (terminal->users.empty()) continue;
      terminal->users[0]->entered();
      terminal->device->set_receiver(terminal->users[0].get());
      continue;
    }
    terminal->mux.emplace(write, [&subject] { subject.commands.quit(); });
    for (const auto& user : terminal->users) terminal->mux->add(*user);
    if (!terminal->users.empty()) terminal->users[0]->entered();
    terminal->device->set_receiver(&*terminal->mux);
  }
}

void Terminals::disconnect() {
  for (auto& [id, terminal] : terminals_) {
    terminal->device->set_receiver(nullptr);
    terminal->mux.reset();
    terminal->users.clear();
  }
}

std::vector<std::string> Terminals::announcements() const {
  std::vector<std::string> lines;
  for (const auto& [id, terminal] : terminals_)
    if (const std::string& name = terminal->device->terminal_name(); !name.empty())
      lines.push_back(fmt::format("char device redirected to {} (label {})", name, id));
  return lines;
}

std::vector<std::string> Terminals::losses() const {
  std::vector<std::string> lines;
  for (const auto& [id, terminal] : terminals_)
    if (const auto error = terminal->device->output_error(); error && error != std::errc::broken_pipe)
      lines.push_back(fmt::format("-chardev {}: output was lost: {}", id, error.message()));
  return lines;
}

} // namespace siena::frontends::cli
