#!/usr/bin/env bash
# Makes the files of a release in artifacts/release: self-contained archives, the package of the .NET tool, the Helm chart, a bill of
# materials and checksums. The version goes into all of them.
#   bash scripts/release.sh 1.2.3                 every platform
#   bash scripts/release.sh 1.2.3 linux-x64       one of them
set -euo pipefail
cd "$(dirname "$0")/.."
version=${1:-}
if [[ ! $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]]; then
  echo "The first argument must be a version such as 1.2.3 or 1.2.3-rc.1." >&2
  exit 64
fi
platforms=("${@:2}")
[ ${#platforms[@]} -gt 0 ] || platforms=(linux-x64 linux-arm64 win-x64)
out=$PWD/artifacts/release
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rm -rf "$out" && mkdir -p "$out"

# The content of every package is compared with the lock files here. They are for all platforms, so what follows has others.
dotnet restore src/Api --locked-mode
dotnet pack src/Api -c Release --no-restore -p:Version="$version" -o "$out"

dotnet tool install CycloneDX --version 6.3.1 --tool-path "$work/tools"
"$work/tools/dotnet-CycloneDX" src/Api/Api.csproj --recursive --disable-package-restore \
  --output "$out" --filename "aigateway-$version.cdx.json" --output-format Json --set-name aigateway --set-version "$version"

cp -r deploy/helm/aigateway "$work/aigateway"
sed -i "s/^version: .*/version: $version/; s/^appVersion: .*/appVersion: \"$version\"/" "$work/aigateway/Chart.yaml"
tar -czf "$out/aigateway-chart-$version.tgz" -C "$work" aigateway
rm -r "$work/aigateway"

for platform in "${platforms[@]}"; do
  name=aigateway-$version-$platform
  dotnet publish src/Api -c Release -r "$platform" --self-contained -p:Version="$version" \
    -p:NuGetLockFilePath=obj/platform.lock.json -o "$work/$name"
  cp LICENSE README.md "$work/$name/"
  case $platform in
    win-*) (cd "$work" && zip -qr "$out/$name.zip" "$name") ;;
    *)
      cp deploy/systemd/aigateway.service "$work/$name/"
      tar -czf "$out/$name.tar.gz" -C "$work" "$name"
      ;;
  esac
done

(cd "$out" && sha256sum -- * >checksums.txt && cat checksums.txt)
