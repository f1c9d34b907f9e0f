#!/usr/bin/env bash
# Makes the secrets of compose.yaml: one file for each, in the folder secrets. A file that exists stays as it is.
#   OPENAI_API_KEY=... bash deploy/compose/secrets.sh
set -euo pipefail
folder=${1:-$(dirname "$0")/../../secrets}

# The folder keeps other users of this machine out. The users of the containers get the files alone, and must be able to read them.
mkdir -p "$folder"
chmod 700 "$folder"
cd "$folder"
umask 022
make() {
  if [ -s "$1" ]; then return; fi
  printf '%s' "$2" >"$1"
  echo "made $1"
}
random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }

[ -s OPENAI_API_KEY ] || make OPENAI_API_KEY "${OPENAI_API_KEY:?is the key of the provider, for the gateways}"
make AI_GATEWAY_BOOTSTRAP_KEY "$(random)"
make postgres-password "$(random)"
make ConnectionStrings__Gateway "Host=postgres;Database=aigateway;Username=aigateway;Maximum Pool Size=20;Password=$(cat postgres-password)"
make grafana-password "$(random)"
