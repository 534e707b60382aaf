#!/bin/sh
# Makes .venv from the hash-locked requirements and finds a Java: what `make demo` and `make test` begin with.
# Everything that cannot be had ends in one line with its remedy.
set -eu
cd "$(dirname "$0")/.."
LOG=.venv/setup.log
PATH=$(printf %s "$PATH" | tr ':' '\n' | grep -vx "$PWD/.venv/bin" | paste -sd: -) # an active .venv cannot make itself

stop() {
    echo "setup: $1" >&2
    exit 1
}

python_of_this_machine() {
    for name in ${PYTHON:-python3.13 python3.12 python3.11 python3}; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    stop "no Python 3.11, 3.12 or 3.13 was found; install one, or name it: make PYTHON=/path/to/python3.12 demo"
}

make_environment() {
    rm -rf .venv
    "$1" -m venv .venv >/dev/null 2>&1 || {
        rm -rf .venv
        stop "$1 cannot make virtual environments; install its venv module (Debian: apt-get install python3-venv)"
    }
    echo "setup: installing packages into .venv, once; this takes some minutes" >&2
    .venv/bin/pip install --disable-pip-version-check --no-input --require-hashes -r requirements-dev.lock >"$LOG" 2>&1 ||
        stop "packages could not be installed, see $LOG; behind a mirror set PIP_INDEX_URL, then run again"
    .venv/bin/pip install --disable-pip-version-check --no-input --no-deps --no-build-isolation --editable . >>"$LOG" 2>&1 ||
        stop "the engine could not be installed, see $LOG"
}

has_java() {
    .venv/bin/python -c 'from lead_engine.lake.java import find_java; find_java()' >/dev/null 2>&1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

install_java() {
    echo "setup: no Java 17 or newer was found; asking the system's package manager" >&2
    if command -v apt-get >/dev/null 2>&1; then
        as_root apt-get update >>"$LOG" 2>&1 || true
        for version in 21 17; do
            as_root apt-get install -y --no-install-recommends "openjdk-$version-jre-headless" >>"$LOG" 2>&1 && return
        done
    elif command -v brew >/dev/null 2>&1; then
        brew install openjdk@17 >>"$LOG" 2>&1 && return
    fi
    stop "Java could not be installed, see $LOG; install Java 17 or newer (Debian: apt-get install openjdk-17-jre-headless, macOS: brew install openjdk@17) or point JAVA_HOME at one"
}

python=$(python_of_this_machine)
make_environment "$python"
has_java || install_java
.venv/bin/lead-engine doctor >&2
touch .venv/ready
