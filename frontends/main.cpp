// SPDX-License-Identifier: BSD-3-Clause
// siena: the command line's frontend.
#include "frontends/cli/run.h"

int main(int argc, char** argv) { return siena::frontends::cli::run({argv + 1, argv + argc}); }
