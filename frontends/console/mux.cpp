// SPDX-License-Identifier: BSD-3-Clause
#include "frontends/console/mux.h"

#include <algorithm>

namespace siena::frontends::console {

std::size_t Mux::receive(std::span<const u8> bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const auto rest = bytes.subspan(done);
    if (escaped_) {
      if (rest[0] == kEscape) {
        // Twice is once: it may have to wait like any other byte.
        if (!users_.empty() && users_[focus_]->receive(rest.first(1)) == 0) return done;
      } else {
        command(rest[0]);
      }
      escaped_ = false;
      done++;
      continue;
    }
    const auto plain = static_cast<std::size_t>(std::find(rest.begin(), rest.end(), kEscape) - rest.begin());
    if (plain == 0) {
      escaped_ = true;
      done++;
      continue;
    }
    const std::size_t taken = users_.empty() ? plain : users_[focus_]->receive(rest.first(plain));
    done += taken;
    if (taken < plain) return done;
  }
  return done;
}

void Mux::command(u8 letter) {
  switch (letter) {
  case 'x':
    print("Siena: terminated\r\n");
    quit_();
    break;
  case 'c':
    if (users_.size() < 2) break;
    focus_ = (focus_ + 1) % users_.size();
    users_[focus_]->entered();
    break;
  case 'h':
  case '?':
    print("\r\n"
          "C-a h    print this help\r\n"
          "C-a x    end the machine\r\n"
          "C-a c    switch to the next console or the monitor\r\n"
          "C-a C-a  send C-a\r\n");
    break;
  default: break; // as in QEMU, both keys are gone
  }
}

void Mux::print(std::string_view text) { output_({reinterpret_cast<const u8*>(text.data()), text.size()}); }

} // namespace siena::frontends::console
