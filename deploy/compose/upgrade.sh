#!/usr/bin/env bash
# Replaces the gateways of compose.yaml by those of the image in .env, one after the other, without a failed request.
# Requests that take longer than the gateway's drain time are cut; docs/deploy.md says which.
set -euo pipefail
cd "$(dirname "$0")/../.."

# The proxy's image has bash, and bash can open a connection.
tell() { docker compose exec -T proxy bash -c "exec 3<>/dev/tcp/127.0.0.1/9999; echo 'set server gateways/$1 state $2' >&3; cat <&3"; }

for number in 1 2; do
  tell "$number" drain
  docker compose up -d --wait --no-deps "gateway-$number"
  tell "$number" ready
done
