#!/usr/bin/env bash
# Sets the station up in this checkout and starts it: see usage below, and README.md.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here"
venv="$here/.venv"
state="$here/.setup"

usage() {
  cat <<'EOF'
Usage: ./install.sh COMMAND [OPTIONS]         in this checkout alone
       sudo ./install.sh [OPTIONS]            the station on this machine

In this checkout:
  demo [OPTIONS]   set up, then run the whole station on a simulated runner
                   (--scenario NAME, --port 8080, --once, --json OUT; all: ./install.sh demo --help)
  test [OPTIONS]   set up, then run the tests; options go to pytest
  setup            set up only: .venv/, node_modules/, pose weights; and measure how fast this board finds poses
  --help           this text

On this machine (docs/installation.md): installs the station, or updates it where it is installed; an update that does
not come up goes back to what ran before. A second call changes nothing. What --without-... says is kept for updates.
  --dry-run            say every step and change nothing
  --without-hardware   for a machine without pins and camera: both are simulated, and packages that only
                       Raspberry Pi OS has are left out (--with-hardware: the opposite)
  --without-screen     install no browser (--with-screen: the opposite)
  --packages           the system packages only
  --rollback           back to the release before this one
  --uninstall          remove everything but system packages, the data in /var/lib/station and what you set in /etc/station
  --uninstall --purge  remove data and settings, too

Works on Debian 12 and 13 (Raspberry Pi OS is Debian), on x86-64 and 64-bit ARM. For a command, missing system packages
are installed with apt when this runs as root or sudo needs no password; otherwise it says which to install.
Everything else of a command stays inside this directory, but for the measured pose speed, which belongs to the
station's state directory (/var/lib/station). A second call is ready in seconds.
EOF
}

say() { printf '\033[1m==> %s\033[0m\n' "$*" >&2; }
fail() { printf 'install.sh: %s\n' "$*" >&2; exit 2; }

# Runs a command as root, when that is possible without asking.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

# apt packages that are needed and not there, for the tools in "$@" (demo or test).
missing_packages() {
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || echo python3
  python3 -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
  command -v npm >/dev/null || echo npm
  command -v node >/dev/null || echo nodejs
  [ "$1" = test ] || return 0
  command -v chromium >/dev/null || printf '%s\n' chromium fonts-dejavu-core
  command -v shellcheck >/dev/null || echo shellcheck
  ldconfig -p | grep -q 'libEGL\.so\.1' || echo libegl1
  ls /usr/lib/*/dri/*_dri.so /usr/lib/*/dri/libdril_dri.so >/dev/null 2>&1 || echo libgl1-mesa-dri
}

system_packages() {
  local missing
  mapfile -t missing < <(missing_packages "$1" | sort -u)
  [ "${#missing[@]}" -gt 0 ] || return 0
  say "System packages: ${missing[*]}"
  command -v apt-get >/dev/null || fail "no apt-get here; install these yourself: ${missing[*]}"
  if [ "$(id -u)" != 0 ] && ! sudo -n true 2>/dev/null; then
    fail "not root, and sudo asks for a password; run: sudo apt-get install ${missing[*]}"
  fi
  as_root apt-get update -q || fail "apt-get update failed; check the network, then run this again"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" ||
    fail "apt-get could not install ${missing[*]}; mend that, then run this again"
}

# Runs step "$1" ("$3...") only when what it depends on (the digest "$2") has changed since it last succeeded.
once() {
  local stamp="$state/$1.stamp" digest=$2
  shift 2
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$digest" ]; then return 0; fi
  rm -f "$stamp"
  "$@" || return
  sync -f "$state" # a power cut leaves no stamp of what is not on the disk
  printf '%s' "$digest" >"$stamp"
}

digest() { { python3 -V; cat "$@"; } | sha256sum | cut -d' ' -f1; }

python_packages() {
  say "Python packages: $*"
  local options=()
  for file in "$@"; do options+=(-r "$file"); done
  "$venv/bin/python" -m pip install --disable-pip-version-check --progress-bar on "${options[@]}" ||
    fail "pip could not install the packages of $*; check the network, then run this again"
}

station_itself() {
  say "The station command"
  # hx711 asks for RPi.GPIO, which must be the system's: it comes without what it depends on.
  "$venv/bin/python" -m pip install -q --disable-pip-version-check --no-deps -r requirements-no-deps.txt -e . ||
    fail "pip could not install the station; check the network, then run this again"
}

make_venv() {
  say "Python environment: .venv"
  rm -rf "$venv" "$state"/python-*.stamp "$state"/station.stamp
  python3 -m venv "$venv" || fail "python3 -m venv failed; is the package python3-venv installed?"
}

node_packages() {
  say "Front-end packages and pose weights: node_modules"
  npm ci --no-audit --no-fund --loglevel=error || fail "npm ci failed; check the network, then run this again"
}

pose_weights() {
  say "Pose weights: checked and stripped of what the station does not read"
  "$venv/bin/python" -m station.camera.weights
}

pose_speed() {
  say "Pose speed of this board"
  "$venv/bin/python" -m station.camera.measure_speed
}

set_up() {
  system_packages "$1"
  mkdir -p "$state"
  [ -x "$venv/bin/python" ] || rm -f "$state/venv.stamp"
  [ -d node_modules ] || rm -f "$state/node.stamp"
  [ -d "$state/weights" ] || rm -f "$state/weights.stamp"
  once venv "$(python3 -V)" make_venv
  once python-run "$(digest requirements.txt)" python_packages requirements.txt
  if [ "$1" = test ]; then once python-dev "$(digest requirements-dev.txt)" python_packages requirements-dev.txt; fi
  once station "$(digest pyproject.toml requirements-no-deps.txt)" station_itself
  once node "$(digest package.json package-lock.json .npmrc)" node_packages
  once weights "$(digest package-lock.json station/camera/weights.py station/camera/prune.py)" pose_weights
}

case "${1:-}" in
  demo)
    set_up demo
    exec "$venv/bin/station" "$@"
    ;;
  test)
    set_up test
    shift
    exec "$venv/bin/python" -m pytest "$@"
    ;;
  setup)
    set_up demo
    once pose-speed "$(nproc) $(digest package-lock.json)" pose_speed ||
      say "The pose speed is not known: the station learns it in its first visit"
    ;;
  -h | --help | help) usage ;;
  '' | --*)
    # shellcheck source=install/system.sh
    source "$here/install/system.sh"
    install_system "$@"
    ;;
  *) fail "unknown command '$1'; ./install.sh --help lists them" ;;
esac
