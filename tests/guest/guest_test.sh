#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# scripts/guest without a network: archives, errors and paths.
set -euo pipefail

guest=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/scripts/guest
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export XDG_CACHE_HOME=$work/cache

fail() {
    echo "FAIL: $*"
    exit 1
}

# expect_error TEXT ARGUMENT...: exactly one line, which holds TEXT.
expect_error() {
    local text=$1
    shift
    if "$guest" "$@" >"$work/out" 2>&1; then fail "guest $* succeeded"; fi
    [ "$(wc -l <"$work/out")" = 1 ] || fail "guest $* printed more than one line"
    grep -qF -- "$text" "$work/out" || fail "guest $* printed: $(cat "$work/out")"
}

"$guest" --help >"$work/help"
grep -q '^usage:' "$work/help" || fail "no usage"
expect_error "unknown command" fetchall
expect_error "unknown suite" fetch kernel woody
expect_error "unknown image" image max
expect_error "unknown option" image min --colour red
expect_error "wants a suite" image min --kernel
expect_error "--depth wants 2, 3 or 4" image nest --depth 5
expect_error "belong to the image nest" image min --depth 3
expect_error "run: scripts/guest fetch kernel trixie" path kernel trixie
expect_error "run: scripts/guest image nest --inner sid" path image nest --inner sid
expect_error "run: scripts/guest image nest --depth 3" path image nest --depth 3
"$guest" list >"$work/list"
grep -q '^kernel sid: not fetched' "$work/list" || fail "list"

mkdir -p "$work/tree/deep"
echo one >"$work/tree/deep/one"
echo two >"$work/tree/two"
chmod 755 "$work/tree/two"
cat >"$work/spec" <<EOF
tree /scripts $work/tree
dir /tmp 1777
node /dev/console 600 5 1
link /bin/sh busybox
EOF
python3 "$guest.d/image.py" cpio "$work/spec" "$work/first"
touch "$work/tree/two"
tac "$work/spec" >"$work/reversed"
python3 "$guest.d/image.py" cpio "$work/reversed" "$work/second"
cmp "$work/first" "$work/second" || fail "the archive depends on order or time"

if command -v cpio >/dev/null; then
    names=$(cpio -t --quiet <"$work/first" | tr '\n' ' ')
    [ "$names" = "bin bin/sh dev dev/console scripts scripts/deep scripts/deep/one scripts/two tmp " ] ||
        fail "archive holds: $names"
    (mkdir "$work/back" && cd "$work/back" && cpio -id --quiet 'scripts/*' <"$work/first")
    diff -r "$work/tree" "$work/back/scripts" || fail "contents differ"
    [ -x "$work/back/scripts/two" ] || fail "mode lost"
fi
echo PASS
