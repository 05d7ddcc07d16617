#!/bin/sh
# Starts the OpenID provider of provider.mjs, with its arguments; installs what it needs beside it, once.
set -eu
cd "$(dirname "$0")"
for tool in node npm; do
  command -v "$tool" >/dev/null && continue
  echo "The OpenID provider needs $tool: install Node.js 18 or newer (Debian: apt-get install nodejs npm)." >&2
  exit 1
done
exec 9<. # One at a time: whoever comes while another installs waits.
flock 9
[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --silent --no-audit --no-fund >&2
exec 9<&-
exec node provider.mjs "$@"
