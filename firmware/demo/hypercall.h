// SPDX-License-Identifier: BSD-3-Clause
// What guest 2 asks of guest 1: DIAGNOSE with one of these codes. DIAGNOSE always ends interpretation, whatever the state
// description says, so any number will do that guest 1 knows.
#pragma once

#define HYPERCALL_PRINT 0x5e1     // GR2 guest-2 real address of a text, GR3 its length
#define HYPERCALL_TRANSLATE 0x5e2 // GR2 guest-2 virtual, GR3 guest-2 real address of a doubleword
