#!/usr/bin/env bash
# Replaces the gateways of compose.yaml by those of the image in .env, one after the other, without a failed request.
# A request that outlasts the stop of its gateway is cut; docs/operations.md says when that is.
set -euo pipefail
cd "$(dirname "$0")/../.."

# The image of the proxy has bash, and bash can open a connection.
ask() { docker compose exec -T proxy bash -c "exec 3<>/dev/tcp/127.0.0.1/9999; echo '$1' >&3; cat <&3"; }

for gateway in 1 2; do
  ask "set server gateways/$gateway state drain"
  docker compose up -d --wait --no-deps "gateway-$gateway"
  ask "set server gateways/$gateway state ready"

  # The other gateway serves until the proxy has seen that this one is ready.
  until ask "show stat" | grep -q "^gateways,$gateway,.*,UP,"; do sleep 1; done
done
