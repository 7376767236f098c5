#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
# rebuild_test.sh: the committed built-in guest is what its sources make, byte for byte. Another version of the compiler makes
# other bytes of them, so that only Debian 12's is asked (exit status 77: skipped).
set -uo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
version=$(s390x-linux-gnu-gcc -dumpfullversion 2>/dev/null)
if [ "$version" != 12.2.0 ]; then
  echo "skipped: s390x-linux-gnu-gcc 12.2.0 is not here"
  exit 77
fi
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
# From another folder, so that a path that got into the image shows.
mkdir "$work/elsewhere" && cp -r "$root/firmware" "$work/elsewhere" || exit 1
for tree in "$root/firmware" "$work/elsewhere/firmware"; do
  "$tree/build" "$work/image" || exit 1
  if ! cmp "$work/image" "$root/firmware/demo_guest.bin"; then
    echo "run firmware/build and commit firmware/demo_guest.bin with the sources"
    exit 1
  fi
done
