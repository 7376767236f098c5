// SPDX-License-Identifier: BSD-3-Clause
// The command info: a table of topics. Nothing in here changes what a guest sees.
#pragma once

#include <string>
#include <string_view>

namespace siena::frontends::monitor {

class HumanCommands;

/// What `topic`, a word that an argument may follow, is about; without one, the list of topics.
std::string info(HumanCommands& monitor, std::string_view topic);

} // namespace siena::frontends::monitor
