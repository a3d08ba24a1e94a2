#!/usr/bin/env bash
# The main job: makes the environment, indexes the demo catalogue and serves page and API on port 7860.
# Options go to `lychee serve`: --port, --host, --encoder, --reranker, --collection, --device (./start.sh --help).
set -euo pipefail
cd "$(dirname "$0")"

port=${LYCHEE_PORT:-7860}
encoder=${LYCHEE_ENCODER:-demo}
collection=${LYCHEE_COLLECTION:-}
help=
wait_for() { [ $# -ge 2 ] || { echo "$1 needs a value, as in ./start.sh $1 VALUE" >&2; exit 2; }; }
arguments=("$@")
while [ $# -gt 0 ]; do
    case $1 in
        --port) wait_for "$@"; port=$2; shift ;;
        --port=*) port=${1#*=} ;;
        --encoder) wait_for "$@"; encoder=$2; shift ;;
        --encoder=*) encoder=${1#*=} ;;
        --collection) wait_for "$@"; collection=$2; shift ;;
        --collection=*) collection=${1#*=} ;;
        --help | -h) help=1 ;;
    esac
    shift
done

. scripts/environment.sh
[ -z "$help" ] || exec "$VENV/bin/lychee" serve --help

[[ $port =~ ^[0-9]{1,5}$ ]] && ((10#$port >= 1 && 10#$port <= 65535)) ||
    fail "--port takes a number from 1 to 65535, not '$port'."
if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    fail "Port $port is busy: something else listens there. Stop it, or choose another port: ./start.sh --port $((port + 1))"
fi

# Without --collection the demo catalogue is what is served; another encoder gets a collection of its own for it.
if [ -z "$collection" ]; then
    collection=demo
    [ "$encoder" = demo ] || collection=demo-$(printf '%s' "$encoder" | tr -c 'A-Za-z0-9._-' '-')
    arguments+=(--collection "$collection")
    catalogue=.cache/demo-catalogue
    echo "Drawing the demo catalogue: 2,000 items in $catalogue."
    "$VENV/bin/python" -m demo.catalogue "$catalogue" --items 2000
    echo "Indexing it into the collection '$collection' with the encoder '$encoder' (what is indexed already is passed over)."
    "$VENV/bin/lychee" index "$catalogue/items.jsonl" --collection "$collection" --encoder "$encoder" ||
        fail "The demo collection could not be indexed (the reason stands above)." \
            "If the demo's models have changed since it was made, remove it and start again: rm -r '${LYCHEE_COLLECTIONS:-collections}/$collection'"
fi
echo "Serving on port $port: the models load, then http://127.0.0.1:$port answers. Ctrl-C stops."
exec "$VENV/bin/lychee" serve "${arguments[@]}"
