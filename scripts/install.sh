#!/usr/bin/env bash
# Installs what is missing on a Debian 12 with Rust, and nothing that is there already.
#
#   scripts/install.sh build   what compiling needs
#   scripts/install.sh run     and what `make demo` starts: card reader, printer, fonts
#   scripts/install.sh test    and what the tests look with: scanners, renderers, browser, axe-core, peers, PostgreSQL, nextest
#   scripts/install.sh check   and cargo-deny
#   scripts/install.sh deb     what building and looking through the Debian packages needs
#   scripts/install.sh fuzz    and cargo-fuzz
#   scripts/install.sh forensics  as for tests: strace, browser, scanners
#
# Needs root or sudo only where a package is missing.
set -euo pipefail

BUILD_PACKAGES=(gcc g++ make pkg-config cmake git ca-certificates libpcsclite-dev)
RUN_PACKAGES=(pcscd vsmartcard-vpcd cups-ipp-utils dbus
              fonts-noto-cjk fonts-ipamj-mincho
              fonts-morisawa-bizud-gothic fonts-open-sans)
DEB_PACKAGES=(debhelper dpkg-dev fakeroot help2man lintian)
TEST_PACKAGES=(chromium chromium-driver ffmpeg openssl udev zbar-tools poppler-utils opensc pcsc-tools
               strace systemd postgresql "${DEB_PACKAGES[@]}")

wanted=${1:-run}
packages=("${BUILD_PACKAGES[@]}")
case "$wanted" in
    build) ;;
    deb) packages+=("${DEB_PACKAGES[@]}") ;;
    run) packages+=("${RUN_PACKAGES[@]}") ;;
    test | check | fuzz | forensics)
        packages+=("${RUN_PACKAGES[@]}" "${TEST_PACKAGES[@]}")
        # Node.js from elsewhere brings its own npm, and Debian's cannot stand beside it.
        command -v npm >/dev/null || packages+=(npm)
        ;;
    *) sed -n '2,11s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac

missing=()
for package in "${packages[@]}"; do
    status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
    [[ $status == "install ok installed" ]] || missing+=("$package")
done

if ((${#missing[@]})); then
    if ! command -v apt-get >/dev/null; then
        echo "This machine has no apt. Please install by hand what is missing of:" >&2
        echo "    ${packages[*]}" >&2
        # The demonstration does without reader and printer, and says so; tests do not.
        [[ $wanted == run ]] && exit 0
        exit 1
    fi
    as_root=()
    if ((EUID != 0)); then
        command -v sudo >/dev/null || {
            echo "Missing: ${missing[*]}. Please run again as root, or install sudo." >&2
            exit 1
        }
        as_root=(sudo)
    fi
    echo "Installing: ${missing[*]}"
    "${as_root[@]}" apt-get update -qq
    # Services are started by whoever needs one, never by their installation.
    policy=/usr/sbin/policy-rc.d
    made_policy=no
    if [[ ! -e $policy ]]; then
        printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
        "${as_root[@]}" chmod +x "$policy"
        made_policy=yes
    fi
    remove_policy() { [[ $made_policy == no ]] || "${as_root[@]}" rm -f "$policy"; }
    trap remove_policy EXIT
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

install_cargo_tool() {
    local tool=$1
    if ! cargo "${tool#cargo-}" --version >/dev/null 2>&1; then
        echo "Installing $tool (a few minutes, once)"
        cargo install --locked --quiet "$tool"
    fi
}

# axe-core, for the tests of the kiosk's screens: the version and the bytes that the lock file names.
install_axe() {
    local axe
    axe=$(dirname "$0")/../fixtures/axe
    if [[ ! $axe/node_modules/.package-lock.json -nt $axe/package-lock.json ]]; then
        npm ci --prefix "$axe" --ignore-scripts --no-audit --no-fund --silent
    fi
}

case "$wanted" in
    test | check | fuzz) install_axe ;;
    build | run | deb | forensics) ;;
esac

case "$wanted" in
    test) install_cargo_tool cargo-nextest ;;
    check) install_cargo_tool cargo-nextest; install_cargo_tool cargo-deny ;;
    fuzz) install_cargo_tool cargo-fuzz ;;
    build | run | deb | forensics) ;;
esac
