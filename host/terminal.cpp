// SPDX-License-Identifier: BSD-3-Clause
#include "host/terminal.h"

#include "base/check.h"

#include <atomic>
#include <cerrno>

#include <termios.h>
#include <unistd.h>

namespace siena::host {

namespace {
// Signal handlers must find these; `is_raw` says whether they hold anything.
termios found, raw;
std::atomic<bool> is_raw = false;

void set(const termios& mode) {
  const int saved = errno;
  // A process in the background would be stopped for this; it becomes raw when it is continued in the foreground.
  if (::tcgetpgrp(STDIN_FILENO) == ::getpgrp()) ::tcsetattr(STDIN_FILENO, TCSANOW, &mode);
  errno = saved;
}
} // namespace

RawTerminal::RawTerminal(bool signals) {
  CHECK(!is_raw, "standard input is one terminal");
  if (::tcgetattr(STDIN_FILENO, &found) != 0) return;
  raw = found;
  raw.c_iflag &= ~static_cast<tcflag_t>(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
  raw.c_oflag |= OPOST;
  raw.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL | ICANON | IEXTEN);
  if (!signals) raw.c_lflag &= ~static_cast<tcflag_t>(ISIG);
  raw.c_cflag = (raw.c_cflag & ~static_cast<tcflag_t>(CSIZE | PARENB)) | CS8;
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  is_raw = true;
  set(raw);
}

RawTerminal::~RawTerminal() {
  restore_terminal();
  is_raw = false;
}

void restore_terminal() {
  if (is_raw) set(found);
}

void reenter_raw_terminal() {
  if (is_raw) set(raw);
}

} // namespace siena::host
