# SPDX-License-Identifier: BSD-3-Clause
# For the scripts that run other projects' test suites: fetching Debian's source packages, packing programs for a guest, running
# them in one boot. Nothing of a suite is kept in this repository; all lives under ${XDG_CACHE_HOME:-~/.cache}/siena/suites.
# shellcheck shell=bash

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/siena/suites
siena=${SIENA:-$root/build/release/siena}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "${0##*/}: $*" >&2
    exit 1
}

# fetch_source PACKAGE SUITE: the folder with the source package's files, as they were downloaded.
fetch_source() {
    local package=$1 suite=$2 folder=$cache/source/$1-$2 uri keyring=/usr/share/keyrings/debian-archive-keyring.gpg signed=
    if [ ! -e "$folder/complete" ]; then
        rm -rf "$folder"
        mkdir -p "$folder" "$work/apt/lists/partial"
        uri=$(apt-get -o Dir::State::Lists="$work/apt/lists" indextargets --no-release-info \
            --format '$(COMPONENT) $(RELEASE) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
            awk '$1 == "main" && $2 !~ /-/ && $3 ~ /debian/ && $3 !~ /security/ { print $3; exit }')
        [ -n "$uri" ] || fail "no Debian archive in the apt sources of this system"
        [ ! -e "$keyring" ] || signed="[signed-by=$keyring] "
        echo "deb-src $signed$uri $suite main" >"$work/apt/sources.list"
        cat >"$work/apt/apt.conf" <<EOF
APT::Sandbox::User "";
APT::Update::Error-Mode "any";
Acquire::Retries "3";
Dir::State::Lists "$work/apt/lists";
Dir::Etc::sourcelist "$work/apt/sources.list";
Dir::Etc::sourceparts "/dev/null";
EOF
        (apt-get -qq -c "$work/apt/apt.conf" update && cd "$folder" &&
            apt-get -qq -c "$work/apt/apt.conf" source --download-only "$package") >"$work/apt/log" 2>&1 ||
            fail "cannot fetch the source of $package: $(grep -m 1 '^E:' "$work/apt/log")"
        touch "$folder/complete"
    fi
    echo "$folder"
}

# run_in_guest FOLDER LOG: boots a guest that reads FOLDER as a tar archive from a disk, runs every program in FOLDER/tests (with
# the libraries in FOLDER/lib) and prints PASS NAME or FAIL NAME STATUS.
run_in_guest() {
    local folder=$1 log=$2 image
    image=$("$root/scripts/guest" image min --kernel trixie) || fail "no guest image"
    echo "file /scripts/suite 755 $here/in_guest" >"$work/spec"
    python3 "$root/scripts/guest.d/image.py" cpio "$work/spec" "$work/suite.cpio"
    cat "$image" "$work/suite.cpio" >"$work/initrd"
    tar -C "$folder" -cf "$work/disk" .
    timeout "${SUITE_SECONDS:-7200}" "$siena" -nographic -m 3G --time warp -rtc base=2026-01-01T00:00:00 -seed 1 \
        -kernel "$("$root/scripts/guest" path kernel trixie)" -initrd "$work/initrd" \
        -drive "file=$work/disk,format=raw,if=virtio" \
        -append 'console=ttysclp0 siena.script=suite siena.run=poweroff' </dev/null 2>&1 | tr -d '\r' >"$log"
    grep -q '^SUITE-END' "$log" || { tail -n 20 "$log" >&2 && fail "the guest did not get to the suite's end"; }
}

# judge PASSED FAILED KNOWN: three files, the first two of names, the last of "NAME REASON". A failure must be known, and a known
# failure that passes is one too.
judge() {
    local passed=$1 failed=$2 known=$3 name bad=0
    while read -r name; do
        grep -q "^$name " "$known" || { echo "FAIL $name" && bad=$((bad + 1)); }
    done <"$failed"
    while read -r name; do
        if grep -q "^$name " "$known"; then echo "PASS $name, though $(basename "$known") says it fails" && bad=$((bad + 1)); fi
    done <"$passed"
    echo "$(wc -l <"$passed") passed, $(wc -l <"$failed") failed, $bad of them unexpectedly"
    [ $bad = 0 ]
}
