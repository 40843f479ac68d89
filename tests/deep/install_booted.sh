#!/usr/bin/env bash
# The story of an installed station, told inside a root that systemd has booted (install_debian.sh does so), without a
# network: a good update, one that does not come up, a power cut while building, and back to an older release by hand.
# Configuration and data are the same at the end.
set -euo pipefail

opt=/opt/station
data=/var/lib/station/kept-by-the-test
setting='# kept by the test'
checkouts=$(mktemp -d /var/tmp/checkouts.XXXXXX)

fail() { printf 'FAILED: %s\n' "$*"; exit 1; }
current() { basename "$(readlink "$opt/current")"; }

# checkout VERSION: a checkout of that version in "$checkouts".
checkout() {
  mkdir -p "$checkouts/$1"
  tar -C "$opt/current" --exclude ./.venv --exclude ./node_modules --exclude ./.setup --exclude './.[ch]*' -c . | tar -C "$checkouts/$1" -x
  sed -i "s/^__version__ = .*/__version__ = \"$1\"/" "$checkouts/$1/station/__init__.py"
}

is_whole() {
  [ -e "$data" ] || fail "data are gone"
  grep -qxF "$setting" /etc/station/station.toml || fail "the configuration is another one"
  systemctl is-active -q station.target station-{force,camera,fusion,kiosk,workbench}.service || fail "not all daemons run"
}

first=$(current)
touch "$data"
printf '%s\n' "$setting" >>/etc/station/station.toml

echo "--- a good update"
checkout 9.0.1
"$checkouts/9.0.1/install.sh"
case $(current) in 9.0.1-*) ;; *) fail "the update is not in use" ;; esac
is_whole

echo "--- an update that does not come up"
checkout 9.0.2
echo 'raise SystemExit("broken on purpose")' >"$checkouts/9.0.2/station/kiosk/daemon.py"
status=0
"$checkouts/9.0.2/install.sh" 2>&1 | tee "$checkouts/9.0.2/said" || status=$?
[ "$status" = 2 ] || fail "status $status instead of 2"
grep -q 'broken on purpose.*runs again' "$checkouts/9.0.2/said" || fail "the reason was not said"
case $(current) in 9.0.1-*) ;; *) fail "the update that does not come up is in use" ;; esac
is_whole

echo "--- a power cut while building"
checkout 9.0.3
setsid "$checkouts/9.0.3/install.sh" &
until compgen -G "$opt/releases/9.0.3-*/.setup/venv.stamp" >/dev/null; do sleep 0.2; done
kill -KILL -- "-$!"
case $(current) in 9.0.1-*) ;; *) fail "half a release is in use" ;; esac
is_whole
"$checkouts/9.0.3/install.sh"
case $(current) in 9.0.3-*) ;; *) fail "the release is not in use" ;; esac
is_whole

echo "--- back to the release before by hand"
"$checkouts/9.0.3/install.sh" --rollback
case $(current) in 9.0.1-*) ;; *) fail "the release before is not in use" ;; esac
is_whole
[ ! -e "$opt/releases/$first" ] || fail "old releases are kept for ever"

rm -rf "$data" "$checkouts"
echo "the station updates, and goes back"
