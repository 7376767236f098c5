// SPDX-License-Identifier: BSD-3-Clause
// EBCDIC as operators' consoles use it: code page 500 in a partition or under KVM, 037 under z/VM. Only what ASCII also has
// is converted; the two pages differ in ! [ ] ^ |.
#pragma once

#include "base/types.h"

#include <span>
#include <string>
#include <string_view>

namespace siena::devices::sclp {

enum class CodePage : u8 { International500, UnitedStates037 };

/// A newline becomes NL (15); what is not ASCII becomes SUB (3F).
u8 ebcdic_from_ascii(CodePage page, u8 character);
/// NL (15) and LF (25) become a newline; what ASCII lacks, and SUB, become a question mark.
u8 ascii_from_ebcdic(CodePage page, u8 character);

/// `text` converted into `field`, cut or padded with blanks to its length.
void store_ebcdic(std::span<u8> field, std::string_view text);
/// A blank-padded field as text without its trailing blanks; control characters become question marks.
std::string load_ebcdic(std::span<const u8> field);

} // namespace siena::devices::sclp
