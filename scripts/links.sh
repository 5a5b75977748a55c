#!/usr/bin/env bash
# Dependencies point one way: only the server links `issuance` and `registry`, so no kiosk, phone
# or relay holds code that signs certificates or reads the register.
set -euo pipefail
cd "$(dirname "$0")/.."

failed=0
for package in kiosk-agent mobile-api fixtures domain crypto my-number-card application certificate; do
    linked=$(cargo tree --locked --offline -p "$package" -e normal,build --prefix none --format '{p}')
    for forbidden in issuance registry server; do
        if grep -q "^$forbidden v" <<<"$linked"; then
            echo "FAILED: $package links $forbidden" >&2
            failed=1
        fi
    done
done
# The check itself must be able to find something.
if ! cargo tree --locked --offline -p server -e normal --prefix none --format '{p}' | grep -q '^registry v'; then
    echo "FAILED: the link check finds nothing at all" >&2
    failed=1
fi
((failed == 0)) && echo "links: kiosk-agent, mobile-api and fixtures link neither issuance nor registry"
exit "$failed"
