# SPDX-License-Identifier: BSD-3-Clause
# Cross build with Debian's compiler; tests run under qemu-aarch64. Libraries come from their sources or headers, which Debian
# installs for the host as well (the Find modules beside this file), so that no package of the other architecture is needed.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64 -L /usr/aarch64-linux-gnu)
list(APPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_LIST_DIR})

# A folder of its own for the headers: the host's /usr/include has the host's C library as well.
function(siena_host_headers name)
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/host_headers)
  if(NOT EXISTS /usr/include/${name})
    message(FATAL_ERROR "the cross build needs /usr/include/${name} (scripts/packages)")
  endif()
  file(CREATE_LINK /usr/include/${name} ${CMAKE_BINARY_DIR}/host_headers/${name} SYMBOLIC)
endfunction()
