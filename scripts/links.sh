#!/usr/bin/env bash
# Dependencies point one way: only the server links `issuance`, `registry` and `encrypted-file`, so
# no kiosk, phone or relay holds code that signs certificates, reads the register or opens a
# municipality's files.
set -euo pipefail
cd "$(dirname "$0")/.."

failed=0
for package in kiosk-agent mobile-api fixtures domain crypto settings-file json-logs tls-listener my-number-card application certificate; do
    linked=$(cargo tree --locked --offline -p "$package" -e normal,build --prefix none --format '{p}')
    for forbidden in issuance registry encrypted-file server; do
        if grep -q "^$forbidden v" <<<"$linked"; then
            echo "FAILED: $package links $forbidden" >&2
            failed=1
        fi
    done
done
# The check itself must be able to find something.
linked=$(cargo tree --locked --offline -p server -e normal --prefix none --format '{p}')
for there in issuance registry encrypted-file; do
    if ! grep -q "^$there v" <<<"$linked"; then
        echo "FAILED: the link check finds no $there at all" >&2
        failed=1
    fi
done
((failed == 0)) && echo "links: kiosk-agent, mobile-api and fixtures link neither issuance nor registry nor encrypted-file"
exit "$failed"
