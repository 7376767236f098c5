# SPDX-License-Identifier: BSD-3-Clause
siena_host_headers(boost)
set(Boost_FOUND TRUE)
