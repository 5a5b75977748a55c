#!/usr/bin/env bash
# Runs every fuzz target for so many seconds. On stable Rust, so without sanitizer: the decoders
# are safe Rust, what is looked for are panics, hangs and unbounded memory.
set -euo pipefail
cd "$(dirname "$0")/../fuzz"

seconds=${1:-60}
# Seeds are written by code, so that no second copy of any bytes lies about.
for seeds in examples/*_seeds.rs; do
    cargo run --quiet --example "$(basename "$seeds" .rs)"
done
# All of them at once: one after the other would link one after the other.
cargo fuzz build -s none
targets=$(cargo fuzz list)
for target in $targets; do
    echo "fuzz: $target for $seconds s"
    cargo fuzz run -s none "$target" -- -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=10 \
        -verbosity=0 -print_funcs=0 -print_final_stats=0
done
echo "fuzz: $(wc -w <<<"$targets") targets, $seconds s each, nothing found"
