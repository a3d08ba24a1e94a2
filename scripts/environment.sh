# Makes the virtual environment that start.sh and test.sh share, once per change of pyproject.toml or constraints.txt.
# Sourced, not run; the caller has set -euo pipefail and stands in the repository's root. Afterwards $VENV/bin holds
# python and lychee; with WITH_CLIENTS set, also the clients of other programs that the tests talk to a server with.

VENV=.venv
NEEDED_MB=9000 # PyTorch's ordinary build and its libraries, with room for pip's own copies

fail() {
    printf '%s\n' "$@" >&2
    exit 2
}

find_python() {
    local name
    for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
            printf '%s' "$name"
            return
        fi
    done
    fail "Lychee Search needs Python 3.11 or newer; found: $(${PYTHON:-python3} --version 2>&1 || true)." \
        "Install one (Debian: apt-get install python3 python3-venv) or name it: PYTHON=/path/to/python3 $0"
}

# Debian ships venv without pip unless python3-venv is there.
require_venv_module() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null && return
    local package
    package=$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing Debian's $package, without which Python cannot make a virtual environment."
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$package"; } >/dev/null 2>&1 && return
    fi
    fail "Python's venv module is missing. Install it (Debian: sudo apt-get install $package) and start again."
}

require_disk() {
    local free
    free=$(df -Pm . | awk 'NR == 2 { print $4 }')
    [ "$free" -ge "$NEEDED_MB" ] || fail "The environment needs about $NEEDED_MB MB of disk; $free MB are free here."
}

environment_stamp() {
    { cat pyproject.toml constraints.txt; pwd -P; "$1" --version; } | sha256sum | cut -d' ' -f1
}

make_environment() {
    local python stamp
    python=$(find_python) || exit 2
    stamp=$(environment_stamp "$python")
    [ "$(cat "$VENV/.stamp" 2>/dev/null)" = "$stamp" ] && return
    require_venv_module "$python"
    require_disk
    echo "Making the environment in $VENV (PyTorch and friends: about 6 GB, a few minutes; only the first time)."
    rm -f "$VENV/.stamp"
    "$python" -m venv "$VENV"
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-warn-script-location \
        --constraint constraints.txt --editable '.[dev]' ||
        fail "pip could not install the packages of pyproject.toml (its message stands above)." \
            "Check the network and the free disk space, then start again: what was downloaded is kept."
    printf '%s' "$stamp" >"$VENV/.stamp"
}

add_clients() {
    local list=tests/clients/requirements.txt stamp
    stamp=$({ cat "$list" "$VENV/.stamp"; } | sha256sum | cut -d' ' -f1)
    [ "$(cat "$VENV/.clients-stamp" 2>/dev/null)" = "$stamp" ] && return
    echo "Adding the clients that the tests use (half a minute; only the first time)."
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-warn-script-location \
        --constraint constraints.txt --requirement "$list" || fail "pip could not install the packages of $list."
    printf '%s' "$stamp" >"$VENV/.clients-stamp"
}

# Cohere's newest client does not go together with what LangChain and LlamaIndex need, so it stands in a folder of its own.
add_newest_cohere() {
    local list=tests/clients/cohere-current.txt folder=.cache/clients/cohere-current stamp
    stamp=$({ cat "$list" "$VENV/.stamp"; } | sha256sum | cut -d' ' -f1)
    [ "$(cat "$folder/.stamp" 2>/dev/null)" = "$stamp" ] && return
    rm -rf "$folder"
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps \
        --target "$folder" --requirement "$list" || fail "pip could not install the packages of $list."
    printf '%s' "$stamp" >"$folder/.stamp"
}

make_all() {
    make_environment
    [ -z "${WITH_CLIENTS:-}" ] || { add_clients; add_newest_cohere; }
}

# Two scripts started at once would write into one environment: the second waits for the first.
if command -v flock >/dev/null; then
    mkdir -p .cache
    exec 9>.cache/environment.lock
    flock -n 9 || { echo "Another start is making the environment; waiting for it."; flock 9; }
    make_all
    exec 9>&-
else
    make_all
fi
