#!/usr/bin/env bash
# The story of an installed station, told inside a root that systemd has booted (install_debian.sh does so), without a
# network: a good update, one that does not come up, a power cut while building, and back to an older release by hand.
# Configuration and data are the same at the end.
set -euo pipefail

opt=/opt/station
data=/var/lib/station/kept-by-the-test
setting='# kept by the test'

fail() { printf 'FAILED: %s\n' "$*"; exit 1; }
current() { basename "$(readlink "$opt/current")"; }

# checkout NAME: a checkout whose version is NAME.
checkout() {
  mkdir -p "/root/$1"
  tar -C "$opt/current" --exclude ./.venv --exclude ./node_modules --exclude ./.setup --exclude './.[ch]*' -c . | tar -C "/root/$1" -x
  sed -i "s/^__version__ = .*/__version__ = \"$1\"/" "/root/$1/station/__init__.py"
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
checkout good
/root/good/install.sh
case $(current) in good-*) ;; *) fail "the update is not in use" ;; esac
is_whole

echo "--- an update that does not come up"
checkout broken
echo 'raise SystemExit("broken on purpose")' >/root/broken/station/kiosk/daemon.py
status=0
/root/broken/install.sh || status=$?
[ "$status" = 2 ] || fail "status $status instead of 2"
case $(current) in good-*) ;; *) fail "the update that does not come up is in use" ;; esac
is_whole

echo "--- a power cut while building"
checkout cut
setsid /root/cut/install.sh &
until compgen -G "$opt/releases/cut-*/.setup/venv.stamp" >/dev/null; do sleep 0.2; done
kill -KILL -- "-$!"
case $(current) in good-*) ;; *) fail "half a release is in use" ;; esac
is_whole
/root/cut/install.sh
case $(current) in cut-*) ;; *) fail "the release is not in use" ;; esac
is_whole

echo "--- back to the release before by hand"
/root/cut/install.sh --rollback
case $(current) in good-*) ;; *) fail "the release before is not in use" ;; esac
is_whole
[ ! -e "$opt/releases/$first" ] || fail "old releases are kept for ever"

rm -rf "$data" /root/good /root/broken /root/cut
echo "the station updates, and goes back"
