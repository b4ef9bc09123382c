#!/usr/bin/env bash
# Installs kcat, a foreign client that the interop tests compare this one with. They fail in CI without it.
set -euo pipefail
command -v kcat >/dev/null && exit 0
if ! command -v apt-get >/dev/null; then
  echo "kcat is missing, and there is no apt-get to install it with: see https://github.com/edenhill/kcat" >&2
  exit 1
fi
as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)
"${as_root[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends kcat
