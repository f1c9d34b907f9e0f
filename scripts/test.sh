#!/usr/bin/env bash
# Builds everything, runs every test, and prints the line coverage and the counts. Less than 85 % coverage fails.
set -uo pipefail
cd "$(dirname "$0")/.."
least_coverage=85
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

dotnet tool restore >/dev/null || exit 1

# Installs the official client for the conformance tests. Without node they are skipped, with the reason.
# npm's audit is off: not every registry serves advisories, and package-lock.json pins the client, which only tests use.
if command -v npm >/dev/null; then
  npm ci --prefix tests/Conformance/js --no-audit --no-fund --loglevel=error || exit 1
fi
dotnet build AiGateway.sln || exit 1
# The projects run one after the other, because they start servers and browsers.
dotnet test AiGateway.sln --no-build -m:1 --logger trx --results-directory "$results" \
  --settings tests/coverage.runsettings --collect "XPlat Code Coverage"
status=$?

dotnet reportgenerator "-reports:$results/*/coverage.cobertura.xml" "-targetdir:$results/coverage" \
  -reporttypes:TextSummary -verbosity:Error >/dev/null || status=1
sed -n '1,25p' "$results/coverage/Summary.txt"
covered=$(sed -n 's/^ *Line coverage: *\([0-9]*\).*/\1/p' "$results/coverage/Summary.txt")
if [ "${covered:-0}" -lt "$least_coverage" ]; then
  echo "Line coverage is ${covered:-0} %, below $least_coverage %."
  status=1
fi

# Prints the failed tests with their messages. They are printed last, because a truncated log keeps its last lines.
failures() { cat "$results"/*.trx | tr -d '\r' | awk '
  /<UnitTestResult / { name = $0; sub(/.*testName="/, "", name); sub(/".*/, "", name); failed = /outcome="Failed"/ }
  failed && /<Message>/ { reason = $0; gsub(/<[^>]*>/, "", reason); print "Failed: " name ": " reason }
  failed && /<StackTrace>/ { reason = $0; gsub(/<[^>]*>/, "", reason); print "  " reason; failed = 0 }'; }

# Prints the skipped tests with their reasons.
cat "$results"/*.trx | tr -d '\r' | awk '
  /<UnitTestResult / && /outcome="NotExecuted"/ { name = $0; sub(/.*testName="/, "", name); sub(/".*/, "", name); skipped = 1 }
  skipped && /<Message>/ { reason = $0; gsub(/<[^>]*>/, "", reason); print "Skipped: " name ":" reason; skipped = 0 }'

count() { cat "$results"/*.trx | grep -o "<Counters [^>]*" | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*' | awk '{ sum += $1 } END { print sum + 0 }'; }
total=$(count total) passed=$(count passed) failed=$(count failed)
failures
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ] || status=1
echo "$passed passed, $failed failed, $((total - passed - failed)) skipped"
exit "$status"
