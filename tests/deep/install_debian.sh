#!/usr/bin/env bash
# Installs the station in a fresh Debian: tests/deep/install_debian.sh 12|13 [amd64|arm64]
#
# Makes a root with mmdebstrap, runs install.sh in it (without hardware: Debian has neither picamera2 nor rpi-lgpio) as
# somebody would: packages, dry run, installation, the same again; boots systemd as PID 1 in it and holds the station
# against boot_station.sh and install_booted.sh (updates, a broken release, rollback, a power cut while building); then
# uninstalls and compares every file with what was there before. Prints a table of what took how long.
#
# Needs root, mmdebstrap and the network; for another architecture qemu-user-static with binfmt. The roots (base, and
# with packages) are kept as tar files in ${STATION_ROOTS:-${XDG_CACHE_HOME:-~/.cache}/treadmill-station}; the work
# happens in $STATION_WORK (default: a new folder in /var/tmp). Settings of pip and npm are passed on.
set -euo pipefail

release=${1:?12 or 13}
architecture=${2:-$(dpkg --print-architecture)}
checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cache=${STATION_ROOTS:-${XDG_CACHE_HOME:-$HOME/.cache}/treadmill-station}
work=${STATION_WORK:-$(mktemp -d "/var/tmp/station-debian$release.XXXX")}
root=$work/root
base=$cache/debian-$release-$architecture.tar
packages=$cache/debian-$release-$architecture-packages-$(sha256sum "$checkout/install/packages.sh" | cut -c1-12).tar
declare -A suites=([12]=bookworm [13]=trixie)
rows=()

# timed WORDS COMMAND...: a row of the table. (Not "COMMAND || ...": bash would go on after an error within.)
timed() {
  local begun=$SECONDS
  now=$1
  shift
  printf '\n=== %s\n' "$now"
  "$@"
  rows+=("| $now | $((SECONDS - begun)) s |")
}

said_how() {
  local status=$?
  [ "$status" = 0 ] || printf 'FAILED (%s): %s; what there is: %s\n' "$status" "$now" "$work" >&2
}
now="Debian $release"
trap said_how EXIT

make_base() {
  local mirror
  # shellcheck disable=SC2016  # apt's own variable
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -m 1 -E '/debian/?$')
  mkdir -p "$cache"
  mmdebstrap --quiet --variant=minbase --architectures="$architecture" \
    --include=systemd-sysv,udev,dbus,python3,ca-certificates "${suites[$release]}" "$base.new" \
    "deb $mirror ${suites[$release]} main"
  mv "$base.new" "$base"
}

unpack() {
  rm -rf "$root"
  mkdir -p "$root"
  tar -C "$root" -xf "$1"
}

# inside COMMAND...: in the root, with this machine's network, the checkout (read-only) in /tmp/checkout.
inside() {
  local settings
  mapfile -t settings < <(env | grep -E '^(PIP_|npm_config_|NPM_CONFIG_|https?_proxy=|no_proxy=)' | grep -v '^PIP_CERT=' || true)
  # shellcheck disable=SC2016  # for the shell within the namespace
  unshare -m bash -euc '
    root=$1 checkout=$2
    shift 2
    mount -t proc proc "$root/proc"
    mount -t sysfs sysfs "$root/sys"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs tmpfs "$root/run"
    mount -t tmpfs tmpfs "$root/tmp"
    mkdir -p "$root/run/lock" "$root/tmp/checkout"
    mount --bind -o ro "$checkout" "$root/tmp/checkout"
    cp /etc/ssl/certs/ca-certificates.crt "$root/tmp/certificates.crt"
    for file in resolv.conf hosts; do
      [ -e "$root/etc/$file" ] || touch "$root/etc/$file"
      mount --bind "/etc/$file" "$root/etc/$file"
    done
    exec chroot "$root" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
      PIP_CERT=/tmp/certificates.crt NODE_EXTRA_CA_CERTS=/tmp/certificates.crt "$@"
  ' bash "$root" "$checkout" "${settings[@]}" "$@"
}

# Every file, with its kind, mode, owner and content; without what any start of a machine and any use of apt leaves.
files() {
  (cd "$root" && find . -xdev \( -path ./proc -o -path ./sys -o -path ./dev -o -path ./run -o -path ./tmp \
    -o -path ./var/log -o -path ./var/cache -o -path ./var/tmp -o -path ./var/lib/systemd -o -path ./var/lib/apt \
    -o -path ./root/.npm -o -path ./etc/machine-id -o -path ./var/lib/dbus -o -path ./etc/.pwd.lock \
    -o -path './etc/*-' -o -path ./etc/.updated -o -path ./var/.updated \) -prune -o \
    -printf '%y %m %u %g %p %l\n' -type f -exec sha256sum {} +) | LC_ALL=C sort
}

install_packages() {
  unpack "$base"
  inside /tmp/checkout/install.sh --packages --without-hardware
  tar -C "$root" -cf "$packages.new" .
  mv "$packages.new" "$packages"
}

# as_in NAME: every file is as it was when the list of that name was made.
as_in() {
  files >"$work/now"
  diff "$work/$1" "$work/now"
}

install_again() {
  inside /tmp/checkout/install.sh 2>&1 | tee "$work/second"
  grep -q 'Nothing was to be done' "$work/second"
}

booted_story() {
  cp "$checkout/tests/deep/install_booted.sh" "$root/root/"
  "$checkout/tests/deep/boot_station.sh" "$root" /root/install_booted.sh
  rm "$root/root/install_booted.sh"
}

uninstall() {
  inside /opt/station/current/install.sh --uninstall
  [ -d "$root/var/lib/station" ] && [ -f "$root/etc/station/station.toml" ] && [ ! -e "$root/opt/station/current" ]
  inside /tmp/checkout/install.sh --uninstall --purge
}

[ -f "$base" ] || timed "Debian $release, $architecture, with mmdebstrap" make_base
[ -f "$packages" ] || timed "install.sh --packages" install_packages
unpack "$packages"
files >"$work/before"
timed "--dry-run changes nothing" inside /tmp/checkout/install.sh --dry-run --without-hardware
as_in before
timed "install.sh the first time" inside /tmp/checkout/install.sh --without-hardware
files >"$work/installed"
timed "install.sh the second time, nothing to do" install_again
as_in installed
if [ "$architecture" = "$(dpkg --print-architecture)" ]; then
  timed "boot: units, a visit, kill and hang of each daemon" "$checkout/tests/deep/boot_station.sh" "$root"
  timed "boot: update, broken release, rollback, power cut" booted_story
fi
timed "uninstall leaves nothing" uninstall
as_in before
printf '\n| Debian %s, %s | |\n|---|---|\n' "$release" "$architecture"
printf '%s\n' "${rows[@]}"
[ -n "${STATION_WORK:-}" ] || rm -rf "$work"
