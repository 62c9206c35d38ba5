#!/usr/bin/env bash
# Puts Hitrate into an environment of its own and starts it; HITRATE_PYTHON is the interpreter for that.
set -euo pipefail

if [ "${RUNNER_OS:-}" = Windows ]; then
    echo "::error title=Hitrate::Hitrate does not run on Windows; use a Linux or macOS runner"
    exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
own=$(mktemp -d "${RUNNER_TEMP:-/tmp}/hitrate.XXXXXX")
trap 'rm -rf "$own"' EXIT
trap 'echo "Cancelled: the checkout is as it was."; exit 130' INT TERM
"$HITRATE_PYTHON" -I -m venv "$own"
"$own/bin/python" -I -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
    -r "$here/../requirements.lock"
# In this process' place, since the runner sends its signals to no other one; it removes the environment itself.
exec "$own/bin/python" -I "$here/run.py" "$own"
