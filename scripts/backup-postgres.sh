#!/usr/bin/env bash
# Writes the gateway's PostgreSQL database to a new file, in the state of one moment, while gateways run.
#   scripts/backup-postgres.sh FILE [CONNECTION]
# CONNECTION is an address such as postgresql://user@host/aigateway; without it, the variables PGHOST, PGDATABASE and so on apply.
# Keep the password in PGPASSFILE, not in the address.
set -euo pipefail
[ $# -ge 1 ] && [ $# -le 2 ] || { echo "usage: $0 FILE [CONNECTION]" >&2; exit 64; }
file=$1
[ ! -e "$file" ] || { echo "$file exists already. Name a new file." >&2; exit 1; }
umask 077
trap 'rm -f "$file.part"' EXIT
pg_dump --format=custom --no-owner --no-privileges --file="$file.part" ${2:+--dbname="$2"}

# A dump that cannot be listed cannot be restored.
pg_restore --list "$file.part" | grep -q ' TABLE DATA public usage_records ' || { echo "The database holds no gateway." >&2; exit 1; }
mv "$file.part" "$file"
echo "The database was written to $file."
