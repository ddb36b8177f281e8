#!/bin/sh
# The browser that the browser tests drive. Does nothing when there is one.
exec sh "$(dirname "$0")/../debian.sh" chromium chromium fonts-liberation
