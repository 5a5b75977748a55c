#!/usr/bin/env bash
# Builds the Debian packages akashi-kiosk, akashi-server and akashi-relay into target/debian.
#
#   scripts/deb.sh                      builds the programs, optimised, and packs them
#   scripts/deb.sh --programs DIR       packs those that lie in DIR
#     --version VERSION                 as another version than debian/changelog says
#     --out DIR                         to another folder
#     --fast                            packs without compressing, for tests
set -euo pipefail
cd "$(dirname "$0")/.."

target=${CARGO_TARGET_DIR:-target}
programs=
version=
out=$target/debian
export AKASHI_DEB_COMPRESSION=
while (($#)); do
    case $1 in
        --programs) programs=$2; shift ;;
        --version) version=$2; shift ;;
        --out) out=$2; shift ;;
        --fast) AKASHI_DEB_COMPRESSION=-z0 ;;
        *) sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
    esac
    shift
done

if [[ -z $programs ]]; then
    cargo build --release --locked -p server -p kiosk-agent -p mobile-api
    programs=$target/release
fi

# A copy: what debhelper leaves behind lies in the target folder and not among the sources.
tree=$out/akashi
rm -rf "$out"
mkdir -p "$tree/programs"
cp -r debian "$tree/"
cp docs/DEPLOYMENT.md THIRD_PARTY.md "$tree/"
cp -r server/terms "$tree/"
install -m 0755 "$programs"/{server,kiosk-agent,mobile-api} scripts/akashi-update "$tree/programs/"
for part in server kiosk-agent mobile-api; do
    case $part in
        server) name=server ;;
        kiosk-agent) name=kiosk ;;
        mobile-api) name=relay ;;
    esac
    install -D -m 0644 "$part/settings.example.toml" "$tree/settings/$name/settings.example.toml"
done
if [[ -n $version ]]; then
    sed -i "1s/([^)]*)/($version)/" "$tree/debian/changelog"
fi
(
    cd "$tree"
    # Cargo and what it needs come from scripts/install.sh, which dpkg knows nothing of.
    dpkg-buildpackage --build=binary --no-sign --no-check-builddeps
) >"$out/build.log" 2>&1 || {
    tail -40 "$out/build.log" >&2
    exit 1
}
rm -rf "$tree"
ls "$out"/*.deb
