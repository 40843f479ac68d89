#!/usr/bin/env bash
# Boots an installed station under systemd and tries it: tests/deep/boot_station.sh ROOT [SCRIPT]
#
# ROOT: a directory with a whole Debian in which the station is installed, with simulated devices. Its own systemd runs
# as PID 1 in new namespaces, without a network; tests/deep/boot_checks.py is copied in, tries the station for some five
# minutes and prints what it found. With SCRIPT, a path inside ROOT, that is run instead, as root beside the booted
# station. Exit status: that of the checks or of SCRIPT; 3 where it never came so far. What they change in ROOT stays.
# Needs root. Memory limits and hardware cannot be tried this way.
set -euo pipefail

readonly MOST_S=1500
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
root=$(realpath "${1:?usage: $0 ROOT [SCRIPT]}")
script=${2:-}

[ "$(id -u)" = 0 ] || { echo "$0: needs root" >&2; exit 2; }
work=$(mktemp -d)
group=$(awk '$3 == "cgroup2" {print $2; exit}' /proc/mounts)/boot-$$
mkdir "$group"

# shellcheck disable=SC2317  # called by the trap
clean_up() {
  echo 1 >"$group/cgroup.kill"
  while grep -q 'populated 1' "$group/cgroup.events"; do sleep 0.1; done
  find "$group" -depth -type d -exec rmdir {} +
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

mkdir -p "$work/tests/whole"
cp "$here"/tests/whole/{__init__,kiosk_client,kiosk_visit}.py "$work/tests/whole/"
cp "$here/tests/__init__.py" "$work/tests/"
cp "$here"/tests/deep/{boot_checks,booted_system}.py "$work/"
: >"$work/report"
: >"$work/console"
command="/opt/station/current/.venv/bin/python /run/checks/boot_checks.py"
cat >"$work/checks.service" <<UNIT
[Unit]
After=multi-user.target
[Service]
Type=oneshot
TimeoutStartSec=infinity
Environment=PYTHONPATH=/run/checks PYTHONDONTWRITEBYTECODE=1 HOME=/root
ExecStart=/bin/sh -c '${script:-$command}; echo \$? >/run/checks/status; systemctl --no-block poweroff'
StandardOutput=append:/run/checks/report
StandardError=append:/run/checks/report
UNIT

# Where this machine lets nobody raise a limit (CAP_SYS_RESOURCE), the force daemon gets leave in another way.
if ! prlimit --rtprio=50 true 2>/dev/null; then
  cat >"$work/limits.conf" <<'DROP_IN'
[Service]
PrivateUsers=no
AmbientCapabilities=CAP_SYS_NICE CAP_IPC_LOCK
CapabilityBoundingSet=CAP_SYS_NICE CAP_IPC_LOCK
DROP_IN
fi

# In the namespaces: the mounts that a container of systemd needs, then systemd itself.
cat >"$work/enter.sh" <<'ENTER'
set -euo pipefail
root=$1 work=$2
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount -t cgroup2 none "$root/sys/fs/cgroup"
for place in run tmp dev; do mount -t tmpfs -o mode=0755 tmpfs "$root/$place"; done
chmod 1777 "$root/tmp"
for device in null zero random urandom full tty; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir -p "$root/dev/pts" "$root/dev/shm" "$root/run/checks" "$root/run/systemd/system/multi-user.target.wants"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
touch "$root/dev/console"
mount --bind "$work/console" "$root/dev/console"
mount --bind "$work" "$root/run/checks"
cp "$work/checks.service" "$root/run/systemd/system/"
if [ -e "$work/limits.conf" ]; then
  mkdir "$root/run/systemd/system/station-force.service.d"
  cp "$work/limits.conf" "$root/run/systemd/system/station-force.service.d/"
fi
ln -s /dev/null "$root/run/systemd/system/console-getty.service" # the console is a file
ln -s ../checks.service "$root/run/systemd/system/multi-user.target.wants/"
cd "$root"
pivot_root . . # not chroot: in there nobody may make user namespaces
umount -l .
exec env -i container=boot-station PATH=/usr/sbin:/usr/bin:/sbin:/bin /sbin/init
ENTER

(
  echo "$BASHPID" >"$group/cgroup.procs"
  exec timeout --signal=KILL "$MOST_S" unshare --pid --mount --uts --ipc --net --cgroup --fork --kill-child=KILL \
    bash "$work/enter.sh" "$root" "$work"
) &
booted=$!
tail -n +1 --follow --pid "$booted" "$work/report" || true
wait "$booted" || true
if [ ! -s "$work/status" ]; then
  echo "$0: the checks did not come to an end within $MOST_S s; the console:" >&2
  tail -n 40 "$work/console" >&2
  exit 3
fi
exit "$(cat "$work/status")"
