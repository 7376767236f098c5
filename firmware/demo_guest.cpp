// SPDX-License-Identifier: BSD-3-Clause
#include "firmware/demo_guest.h"

namespace siena::firmware {

namespace {
constexpr u8 kDemoGuest[] = {
#include <demo_guest.inc>
};
} // namespace

std::span<const u8> demo_guest() { return kDemoGuest; }

} // namespace siena::firmware
