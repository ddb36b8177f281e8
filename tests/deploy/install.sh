#!/bin/sh
# Prometheus and promtool, which the tests of deploy/prometheus run. Does nothing when they are there.
#
# Debian's package is unpacked into the sandbox's folder and not installed: installed it would start a server of its own.
set -eu
folder="${IPLOS_SANDBOX_DIR:-.sandbox}/prometheus"
if [ -x "$folder/usr/bin/promtool" ]; then
    exit 0
fi
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
chmod 755 "$fresh"
fetch() {
    (cd "$fresh" && apt-get download -qq prometheus 2>/dev/null)
}
if ! fetch; then
    sudo=""
    if [ "$(id -u)" -ne 0 ]; then
        sudo=sudo
    fi
    $sudo apt-get update -qq
    fetch
fi
mkdir -p "$folder"
dpkg-deb -x "$fresh"/prometheus_*.deb "$folder"
"$folder/usr/bin/promtool" --version | head -n 1
