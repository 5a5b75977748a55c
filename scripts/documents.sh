#!/usr/bin/env bash
# The documents' links lead somewhere, and every test that docs/CONTROLS.md names exists.
set -euo pipefail
cd "$(dirname "$0")/.."

failed=0
while IFS=: read -r file link; do
    target=${link%%#*}
    [[ -z $target || -e $(dirname "$file")/$target ]] || {
        echo "FAILED: $file links to $link, which is not there" >&2
        failed=1
    }
done < <(git ls-files '*.md' | xargs grep -oHE '\]\([^)]+\)' | sed -E 's/\]\(([^)]+)\)/\1/' |
    grep -vE ':(https?:|mailto:)')

while read -r name; do
    grep -rqE "fn $name\b" --include '*.rs' . || {
        echo "FAILED: docs/CONTROLS.md names the test $name, which is not there" >&2
        failed=1
    }
done < <(grep -oE '`test:[a-z0-9_]+`' docs/CONTROLS.md | sed -E 's/`test:(.*)`/\1/' | sort -u)

((failed == 0)) && echo "documents: every link and every named test is there"
exit "$failed"
