// SPDX-License-Identifier: BSD-3-Clause
// The commands that only read: SCP information, CPU information, storage-element information. Each fills the SCCB's data and
// answers with the response code; nothing is stored when the SCCB is too short.
#pragma once

#include "devices/sclp/configuration.h"
#include "devices/sclp/sccb.h"

#include <string>
#include <vector>

namespace siena::devices::sclp {

/// `storage_size` is a multiple of 1 MiB.
Response read_scp_information(Sccb& sccb, const Configuration& configuration, u64 storage_size);
Response read_cpu_information(Sccb& sccb, const Configuration& configuration);
/// InvalidCommand unless the configuration offers the command.
Response read_storage_element_information(Sccb& sccb, const Configuration& configuration, u64 storage_size, u8 element);

/// What the three show, one value a line, for people.
std::vector<std::string> describe(const Configuration& configuration, u64 storage_size);

} // namespace siena::devices::sclp
