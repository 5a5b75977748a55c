#!/usr/bin/env bash
# Runs a command with a PostgreSQL server of its own, gone afterwards, also when this is killed.
#
#   scripts/with-postgres.sh cargo nextest run --workspace
#   scripts/with-postgres.sh --durable cargo bench -p registry
#
# The server lies in a temporary folder and listens on a socket there alone. The command finds its
# address in AKASHI_TEST_POSTGRES (as the server's administrator; each test makes its own database),
# and its folder in AKASHI_TEST_POSTGRES_FOLDER. Without --durable it does not wait for the disk,
# which suits tests: they kill the register's programs, not the machine.
set -euo pipefail

durable=no
if [[ ${1:-} == --durable ]]; then
    durable=yes
    shift
fi
(($#)) || { sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 2; }

programs=$(find /usr/lib/postgresql -maxdepth 3 -name initdb -printf '%h\n' 2>/dev/null | sort -V | tail -1)
if [[ -z $programs ]]; then
    echo "PostgreSQL is not installed. Please run: scripts/install.sh test" >&2
    exit 1
fi

folder=$(mktemp -d "${TMPDIR:-/tmp}/akashi-postgres.XXXXXX")
# PostgreSQL refuses to run as root; its package brings a user.
as_owner=()
if ((EUID == 0)); then
    as_owner=(setpriv --reuid postgres --regid postgres --clear-groups)
    chown postgres: "$folder"
fi

# One that outlives this script: whatever ends it, the server is stopped and the folder removed.
setsid bash -c '
    while kill -0 "$1" 2>/dev/null; do sleep 0.5; done
    if [[ -s $2/data/postmaster.pid ]]; then
        server=$(head -1 "$2/data/postmaster.pid")
        kill -QUIT "$server" 2>/dev/null
        for _ in {1..100}; do kill -0 "$server" 2>/dev/null || break; sleep 0.1; done
    fi
    rm -rf "$2"
' watch $$ "$folder" >/dev/null 2>&1 </dev/null &

cd "$folder" # whoever owns the server may not enter where the command is run
"${as_owner[@]}" "$programs/initdb" --pgdata="$folder/data" --username=akashi_administrator \
    --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$folder/initdb.log" 2>&1 || {
    cat "$folder/initdb.log" >&2
    exit 1
}
{
    echo "listen_addresses = ''"
    echo "unix_socket_directories = '$folder'"
    echo "max_connections = 400"
    echo "max_locks_per_transaction = 256"
    echo "shared_buffers = 256MB"
    echo "wal_level = minimal"
    echo "max_wal_senders = 0"
    echo "max_wal_size = 4GB"
    if [[ $durable == no ]]; then
        echo "fsync = off"
        echo "full_page_writes = off"
        echo "synchronous_commit = off"
    fi
} >>"$folder/data/postgresql.conf"
"${as_owner[@]}" "$programs/pg_ctl" --pgdata="$folder/data" --log="$folder/server.log" \
    --wait --timeout=60 start >/dev/null || {
    cat "$folder/server.log" >&2
    exit 1
}
cd "$OLDPWD"

export AKASHI_TEST_POSTGRES="postgres:///postgres?host=$folder&user=akashi_administrator"
export AKASHI_TEST_POSTGRES_FOLDER=$folder
"$@"
