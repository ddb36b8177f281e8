#!/bin/sh
# debian.sh COMMAND PACKAGE...: installs the packages. Does nothing when the command is there.
set -eu
command=$1
shift
if command -v "$command" >/dev/null 2>&1; then
    exit 0
fi
sudo=""
if [ "$(id -u)" -ne 0 ]; then
    sudo=sudo
fi
$sudo apt-get update -qq
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "$@" >/dev/null
