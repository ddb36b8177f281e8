#!/bin/sh
# kcat, with which a producer's worked example puts events on the bus. Does nothing when it is there.
exec sh "$(dirname "$0")/../debian.sh" kcat kcat
