#!/usr/bin/env bash
# Runs every fuzz target for so many seconds. On stable Rust, so without sanitizer: the decoders
# are safe Rust, what is looked for are panics, hangs and unbounded memory.
set -euo pipefail
cd "$(dirname "$0")/../fuzz"

seconds=${1:-60}
targets=$(cargo fuzz list)
for target in $targets; do
    echo "fuzz: $target for $seconds s"
    cargo fuzz run -s none "$target" -- -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=10 \
        -verbosity=0 -print_final_stats=0
done
echo "fuzz: $(wc -w <<<"$targets") targets, $seconds s each, nothing found"
