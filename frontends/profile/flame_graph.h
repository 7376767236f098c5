// SPDX-License-Identifier: BSD-3-Clause
// A flame graph (after Brendan Gregg's): a box for every name on every way from the outside in, as wide as its share of the samples,
// upon the box of its caller. One colour for each depth. The picture is an SVG file that needs nothing else.
#pragma once

#include "frontends/profile/stacks.h"

namespace siena::frontends::profile {

std::string flame_graph(const Stacks& stacks, std::string_view title);

} // namespace siena::frontends::profile
