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

# One compiler process for all projects, even where the environment turns that off: a process for each takes minutes longer.
compiler="aigateway-tests-$$"
dotnet build AiGateway.sln -c Release -p:UseSharedCompilation=true "-p:SharedCompilationId=$compiler"
status=$?
pkill -f -- "-pipename:$compiler" 2>/dev/null
[ "$status" -eq 0 ] || exit 1

# To compile again by a profile costs a short run more than it gains.
export DOTNET_TieredPGO=0

# Two projects at a time, the longest first, because tests wait most of the time. Every project must report its results.
longest=(tests/Api.Tests tests/Infrastructure.Tests tests/Browser tests/FaultInjection tests/Conformance)
mapfile -t projects < <({ printf '%s\n' "${longest[@]}"; dirname tests/*/*.Tests.csproj; } | awk '!seen[$0]++')
printf '%s\0' "${projects[@]}" | xargs -0 -P 2 -I{} dotnet test {} -c Release --no-build --logger trx --results-directory "$results/{}" \
  --settings tests/coverage.runsettings --collect "XPlat Code Coverage"
status=$?
for project in "${projects[@]}"; do
  compgen -G "$results/$project/*.trx" >/dev/null || { echo "$project has no results."; status=1; }
done

dotnet reportgenerator "-reports:$results/tests/*/*/coverage.cobertura.xml" "-targetdir:$results/coverage" \
  -reporttypes:TextSummary -verbosity:Error >/dev/null || status=1
sed -n '1,25p' "$results/coverage/Summary.txt"
covered=$(sed -n 's/^ *Line coverage: *\([0-9]*\).*/\1/p' "$results/coverage/Summary.txt")
if [ "${covered:-0}" -lt "$least_coverage" ]; then
  echo "Line coverage is ${covered:-0} %, below $least_coverage %."
  status=1
fi

# Prints the failed tests with their messages. They are printed last, because a truncated log keeps its last lines.
failures() { cat "$results"/tests/*/*.trx | tr -d '\r' | awk '
  /<UnitTestResult / { name = $0; sub(/.*testName="/, "", name); sub(/".*/, "", name); failed = /outcome="Failed"/ }
  failed && /<Message>/ { reason = $0; gsub(/<[^>]*>/, "", reason); print "Failed: " name ": " reason }
  failed && /<StackTrace>/ { reason = $0; gsub(/<[^>]*>/, "", reason); print "  " reason; failed = 0 }'; }

# Prints the skipped tests with their reasons.
cat "$results"/tests/*/*.trx | tr -d '\r' | awk '
  /<UnitTestResult / && /outcome="NotExecuted"/ { name = $0; sub(/.*testName="/, "", name); sub(/".*/, "", name); skipped = 1 }
  skipped && /<Message>/ { reason = $0; gsub(/<[^>]*>/, "", reason); print "Skipped: " name ":" reason; skipped = 0 }'

count() { cat "$results"/tests/*/*.trx | grep -o "<Counters [^>]*" | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*' | awk '{ sum += $1 } END { print sum + 0 }'; }
total=$(count total) passed=$(count passed) failed=$(count failed)
failures
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ] || status=1
echo "$passed passed, $failed failed, $((total - passed - failed)) skipped"
exit "$status"
