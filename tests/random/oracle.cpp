// SPDX-License-Identifier: BSD-3-Clause
#include "tests/random/oracle.h"

#include "base/big_endian.h"
#include "base/check.h"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

extern char** environ;

namespace siena::random_test {

namespace {

template <typename T>
T swapped(T value) {
  return load_big<T>(reinterpret_cast<const u8*>(&value));
}

State convert(const random_state& from) {
  State to;
  for (unsigned i = 0; i < 16; ++i) {
    to.gr[i] = swapped<u64>(from.gr[i]);
    to.fpr[i] = swapped<u64>(from.fpr[i]);
    to.ar[i] = swapped(from.ar[i]);
  }
  to.fpc = swapped(from.fpc);
  to.cc = swapped(from.cc);
  to.address = swapped<u64>(from.address);
  to.signal = swapped(from.signal);
  to.signal_code = swapped(from.signal_code);
  return to;
}

random_state convert(const State& from) {
  random_state to{};
  for (unsigned i = 0; i < 16; ++i) {
    to.gr[i] = swapped(from.gr[i]);
    to.fpr[i] = swapped(from.fpr[i]);
    to.ar[i] = swapped(from.ar[i]);
  }
  to.fpc = swapped(from.fpc);
  to.cc = swapped(from.cc);
  return to;
}

} // namespace

Oracle::Oracle(std::string emulator, std::string program)
    : emulator_(std::move(emulator)), program_(std::move(program)) {
  const char* folder = std::getenv("TMPDIR");
  path_ = std::string{folder != nullptr ? folder : "/tmp"} + "/siena-random-XXXXXX";
  file_ = mkstemp(path_.data());
  CHECK(file_ >= 0 && ftruncate(file_, kBatch * sizeof(random_record)) == 0, "a temporary file");
  void* mapped = mmap(nullptr, kBatch * sizeof(random_record), PROT_READ | PROT_WRITE, MAP_SHARED, file_, 0);
  CHECK(mapped != MAP_FAILED, "the temporary file in storage");
  records_ = static_cast<random_record*>(mapped);
}

Oracle::~Oracle() {
  munmap(records_, kBatch * sizeof(random_record));
  close(file_);
  unlink(path_.c_str());
}

OracleFailure Oracle::run_from(std::size_t first, std::size_t count) {
  const std::string from = std::to_string(first), to = std::to_string(count);
  const char* arguments[] = {
      emulator_.c_str(), "-cpu", "max", program_.c_str(), path_.c_str(), from.c_str(), to.c_str(), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int error =
      posix_spawnp(&child, emulator_.c_str(), &actions, nullptr, const_cast<char* const*>(arguments), environ);
  posix_spawn_file_actions_destroy(&actions);
  CHECK(error == 0, "the oracle's emulator starts");
  // Hung: no case done in four seconds of its processor time, which a busy host does not use up.
  std::size_t done = first;
  clockid_t clock{};
  CHECK(clock_getcpuclockid(child, &clock) == 0, "the oracle's time can be asked for");
  time_t progress = 0;
  while (true) {
    int status = 0;
    if (waitpid(child, &status, WNOHANG) == child)
      return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? OracleFailure::None : OracleFailure::Died;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    timespec now{};
    if (clock_gettime(clock, &now) != 0) continue; // it has just ended
    const std::size_t before = done;
    while (done < count && static_cast<volatile u32&>(records_[done].done) != 0) ++done;
    if (done != before) progress = now.tv_sec;
    if (now.tv_sec - progress <= 4) continue;
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    return OracleFailure::Hung;
  }
}

std::vector<OracleResult> Oracle::run(std::span<const Case* const> cases) {
  CHECK(cases.size() <= kBatch, "a batch fits");
  for (std::size_t i = 0; i < cases.size(); ++i) {
    random_record& r = records_[i];
    const std::vector<u8> code = assemble(*cases[i]);
    r.done = 0;
    r.addressing = swapped(u32{cases[i]->addressing_31 ? 31u : 64u});
    r.before = convert(cases[i]->before);
    std::memcpy(r.code, code.data(), code.size());
    std::memcpy(r.data_before, cases[i]->data.data(), RANDOM_DATA_SIZE);
  }
  std::vector<OracleResult> results(cases.size());
  for (std::size_t first = 0; first < cases.size();) {
    const OracleFailure failure = run_from(first, cases.size());
    while (first < cases.size() && records_[first].done != 0) ++first;
    if (first < cases.size()) {
      CHECK(failure != OracleFailure::None, "the oracle does all cases");
      results[first++].failure = failure;
    }
  }
  for (std::size_t i = 0; i < cases.size(); ++i) {
    if (results[i].failure != OracleFailure::None) continue;
    results[i].result.after = convert(records_[i].after);
    results[i].result.data.assign(records_[i].data_after, records_[i].data_after + RANDOM_DATA_SIZE);
  }
  return results;
}

} // namespace siena::random_test
