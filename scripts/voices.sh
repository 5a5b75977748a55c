#!/usr/bin/env bash
# Records what the kiosk says aloud: kiosk-agent/voices/, out of the texts in kiosk-agent/texts/.
# Only what changed since is recorded again; files that nobody asks for are removed.
#
# Needs espeak-ng, opus-tools and sox (Debian) and python3; pyopenjtalk-plus, which brings the
# Japanese voice, is installed into a folder of the build.
set -euo pipefail
cd "$(dirname "$0")/.."

for tool in espeak-ng opusenc sox python3; do
    command -v "$tool" >/dev/null || {
        echo "$tool is missing: apt-get install espeak-ng opus-tools sox python3-venv" >&2
        exit 1
    }
done

target=${CARGO_TARGET_DIR:-target}
venv=$target/voices-python
if [[ ! -x $venv/bin/python ]]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet 'pyopenjtalk-plus==0.4.1.post10'
fi
cargo build --quiet --package kiosk-agent
"$target/debug/kiosk-agent" recordings | "$venv/bin/python" scripts/voices.py
