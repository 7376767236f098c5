# SPDX-License-Identifier: BSD-3-Clause
siena_host_headers(fmt)
add_library(siena_fmt INTERFACE)
target_include_directories(siena_fmt SYSTEM INTERFACE ${CMAKE_BINARY_DIR}/host_headers)
target_compile_definitions(siena_fmt INTERFACE FMT_HEADER_ONLY)
add_library(fmt::fmt ALIAS siena_fmt)
set(fmt_FOUND TRUE)
