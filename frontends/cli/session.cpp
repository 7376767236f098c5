// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/cli/session.h"

#include "frontends/cli/run.h"

#include <chrono>
#include <unistd.h>

namespace siena::frontends::cli {

namespace {

host::CharacterOptions options_of(const machine::CharacterDevice& device) {
  using Kind = machine::CharacterDeviceKind;
  host::CharacterOptions options;
  switch (device.kind) {
  case Kind::Stdio: options.kind = host::CharacterOptions::Kind::Stdio; break;
  case Kind::File: options.kind = host::CharacterOptions::Kind::File; break;
  case Kind::Pty: options.kind = host::CharacterOptions::Kind::Pty; break;
  case Kind::Null: options.kind = host::CharacterOptions::Kind::Null; break;
  }
  options.path = device.path;
  options.append = device.append;
  options.signals = device.signal;
  return options;
}

} // namespace

Result<std::unique_ptr<TraceFile>> TraceFile::open(const machine::Configuration& configuration) {
  std::FILE* file = stderr;
  if (!configuration.trace_file.empty()) {
    file = std::fopen(configuration.trace_file.c_str(), "we");
    if (file == nullptr) return ConfigurationError{"-D " + configuration.trace_file + ": cannot be written", 125};
  }
  std::unique_ptr<TraceFile> trace(new TraceFile(file));
  for (const TraceCategory category : configuration.trace) trace->wanted_ |= u32{1} << static_cast<unsigned>(category);
  return trace;
}

TraceFile::~TraceFile() {
  if (file_ != stderr) std::fclose(file_);
}

void TraceFile::line(TraceCategory, int cpu, std::string_view text) {
  std::fprintf(file_, "%d: %.*s\n", cpu, static_cast<int>(text.size()), text.data());
}

Session::~Session() {
  // Devices of the machine hold references to the channels.
  machine_.reset();
  if (!configuration_.pidfile.empty()) ::unlink(configuration_.pidfile.c_str());
}

void Session::Channel::write(std::span<const u8> bytes) {
  device->write(bytes);
  if (session->ready_) session->ready_->watch(bytes, *session->machine_, session->machine_->host_nanoseconds());
}

std::size_t Session::Channel::receive(std::span<const u8> bytes) {
  session->machine_->external().submit(id, bytes);
  return bytes.size();
}

std::optional<ConfigurationError> Session::open_channels() {
  for (const machine::CharacterDevice& chardev : configuration_.chardevs) {
    auto device = host::CharacterDevice::open(*loop_, options_of(chardev));
    if (!device)
      return ConfigurationError{"-chardev " + chardev.id + ": " + device.error().message, device.error().exit_code};
    auto channel = std::make_unique<Channel>();
    channel->session = this;
    channel->id = chardev.id;
    channel->device = std::move(device.value());
    if (!channel->device->terminal_name().empty())
      std::fprintf(stderr,
                   "siena: char device redirected to %s (label %s)\n",
                   channel->device->terminal_name().c_str(),
                   chardev.id.c_str());
    if (chardev.mux) {
      host::CharacterDevice& out = *channel->device;
      channel->mux =
          std::make_unique<console::Mux>([&out](std::span<const u8> bytes) { out.write(bytes); }, [this] { quit(); });
    }
    channels_.emplace(chardev.id, std::move(channel));
  }
  return std::nullopt;
}

std::optional<ConfigurationError> Session::add_monitors() {
  // A console comes first on a terminal that it shares, then the monitor.
  for (auto& [id, channel] : channels_) {
    if (channel->mux) channel->mux->add(*channel);
    channel->device->set_receiver(channel->mux ? static_cast<host::ByteReceiver*>(channel->mux.get()) : channel.get());
  }
  for (const machine::Monitor& monitor : configuration_.monitors) {
    const auto found = channels_.find(monitor.chardev);
    if (found == channels_.end())
      return ConfigurationError{"-mon chardev=" + monitor.chardev + ": no such character device", 2};
    host::CharacterDevice& out = *found->second->device;
    monitors_.push_back(
        std::make_unique<console::Monitor>(*this, [&out](std::span<const u8> bytes) { out.write(bytes); }));
    if (found->second->mux)
      found->second->mux->add(*monitors_.back());
    else
      out.set_receiver(monitors_.back().get());
  }
  return std::nullopt;
}

std::optional<ConfigurationError> Session::write_pidfile() {
  if (configuration_.pidfile.empty()) return std::nullopt;
  std::FILE* file = std::fopen(configuration_.pidfile.c_str(), "we");
  if (file == nullptr) return ConfigurationError{"-pidfile " + configuration_.pidfile + ": cannot be written", 125};
  std::fprintf(file, "%d\n", static_cast<int>(::getpid()));
  std::fclose(file);
  return std::nullopt;
}

Result<int> Session::run() {
  auto loop = host::EventLoop::create();
  if (!loop) return loop.error();
  loop_ = std::move(loop.value());
  signals_.emplace(*loop_);
  if (!configuration_.trace.empty()) {
    auto trace = TraceFile::open(configuration_);
    if (!trace) return trace.error();
    trace_ = std::move(trace.value());
  }
  if (auto error = open_channels()) return *error;
  auto built = machine::Machine::create(configuration_, *this, trace_.get());
  if (!built) return built.error();
  machine_ = std::move(built.value());
  if (auto error = add_monitors()) return *error;
  if (auto loaded = machine_->ipl(); !loaded) return loaded.error();
  if (auto error = write_pidfile()) return *error;

  if (!configuration_.ready_text.empty()) ready_.emplace(configuration_.ready_text);
  paused_ = configuration_.start_stopped;
  while (true) {
    while (paused_ && !quit_) wait(100'000'000);
    if (quit_) return finish({machine::Ending::Kind::Quit, machine_->control().exit_code(), ""});
    const machine::Ending ending = machine_->run();
    if (ending.kind == machine::Ending::Kind::Stopped ||
        (ending.kind == machine::Ending::Kind::PowerOff && configuration_.no_shutdown)) {
      paused_ = true;
      continue;
    }
    return finish(ending);
  }
}

int Session::finish(const machine::Ending& ending) {
  if (ready_) std::fprintf(stderr, "%s", ready_->table().c_str());
  if (!ending.message.empty()) std::fprintf(stderr, "%s\n", ending.message.c_str());
  return ending.exit_code;
}

devices::ByteSink& Session::output(const std::string& chardev) {
  const auto found = channels_.find(chardev);
  CHECK(found != channels_.end(), "the command line made sure that every chardev= names a -chardev");
  return *found->second;
}

void Session::wait(u64 nanoseconds) {
  if (nanoseconds == 0)
    loop_->poll();
  else
    loop_->run_for(std::chrono::nanoseconds{nanoseconds});
  if (loop_->quit_requested() && !quit_) {
    quit_ = true;
    machine_->control().quit(host::SignalWatch::received() != 0 ? 128 + host::SignalWatch::received() : 0);
  }
}

u64 Session::host_nanoseconds() {
  return static_cast<u64>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
          .count());
}

void Session::quit() {
  quit_ = true;
  machine_->control().quit(exit_status::kPoweredOff);
  loop_->wake();
}

void Session::reset() {
  machine_->control().post([this] { machine_->request_system_reset(); });
}

void Session::power_down() {
  machine_->control().post([this] { (void)machine_->sclp().request_quiesce(); });
}

void Session::stop() { machine_->control().stop(); }

} // namespace siena::frontends::cli
