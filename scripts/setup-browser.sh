#!/bin/sh
# Puts Chromium on a Debian machine, for `npm run test:browser` and `npm run bench -- report`; nothing where
# one is there. Elsewhere, CHROMIUM names one.
set -eu
if [ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null; then
  exit 0
fi
if [ "$(id -u)" = 0 ]; then as_root=""; else as_root="sudo"; fi
$as_root apt-get update
$as_root apt-get install --yes --no-install-recommends chromium fonts-dejavu-core
