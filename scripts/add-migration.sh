#!/usr/bin/env bash
# Adds a migration with this name for all three databases. It needs no server, because it reads the model.
set -euo pipefail
name=${1:?usage: scripts/add-migration.sh NAME}
cd "$(dirname "$0")/.."
dotnet tool restore
dotnet build src/Infrastructure --verbosity quiet
for engine in Sqlite SqlServer Postgres; do
  dotnet ef migrations add "$name" --no-build \
    --project src/Infrastructure --startup-project src/Infrastructure \
    --context "${engine}Context" --output-dir "Persistence/Migrations/$engine"
done
