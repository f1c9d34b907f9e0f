#!/usr/bin/env bash
# Restores a file of scripts/backup-postgres.sh to an empty PostgreSQL database, whole or not at all.
#   scripts/restore-postgres.sh FILE [CONNECTION]
# CONNECTION is as for the back-up. Make the database first, such as with createdb; an existing one is never overwritten.
set -euo pipefail
[ $# -ge 1 ] && [ $# -le 2 ] || { echo "usage: $0 FILE [CONNECTION]" >&2; exit 64; }
file=$1
to=${2:-dbname=${PGDATABASE:?name the database in PGDATABASE or as the second argument}}
tables=$(psql --no-psqlrc --tuples-only --no-align --dbname="$to" \
  --command="SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = 'public'")
[ "$tables" = 0 ] || { echo "The database has $tables tables already. Restore to an empty database." >&2; exit 1; }
pg_restore --exit-on-error --single-transaction --no-owner --no-privileges --dbname="$to" "$file"
psql --no-psqlrc --quiet --dbname="$to" --command="ANALYZE"
echo "The database was restored. Point the gateway at it, and run verify."
