# Chromium for the browser tests, from Debian. Sourced, not run. Where it cannot be had, it says so, and those tests are skipped.

have_chromium() {
    local name
    for name in chromium chromium-browser google-chrome; do
        command -v "$name" >/dev/null && return
    done
    return 1
}

add_chromium() {
    have_chromium && return
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing Debian's chromium, with which the tests look at the page."
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; } >/dev/null 2>&1 || true
        have_chromium && return
    fi
    printf '%s\n' "No Chromium is installed and it cannot be installed from here: the browser tests will be skipped." \
        "Install it (Debian: sudo apt-get install chromium) and start again to run them." >&2
}

add_chromium
