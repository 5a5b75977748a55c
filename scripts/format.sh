#!/usr/bin/env bash
# Whether every Rust file is formatted. `cargo fmt` reaches what it finds by `mod`; files that only a
# macro names it passes over.
#
# Without --check it formats them.
set -euo pipefail
cd "$(dirname "$0")/.."

edition=$(sed -n 's/^edition = "\(.*\)"$/\1/p' Cargo.toml)
git ls-files --cached --others --exclude-standard -z -- '*.rs' |
    xargs -0 rustfmt --edition "$edition" "$@"
