# shellcheck shell=bash
# What the station needs of the machine outside of its releases: users, folders, configuration, settings of the system.

readonly SYSUSERS=/etc/sysusers.d/station.conf
readonly TMPFILES=/etc/tmpfiles.d/station.conf
readonly UDEV=/etc/udev/rules.d/60-station.rules
readonly POLICY=/etc/chromium/policies/managed/station.json
readonly AUTOSTART=/etc/xdg/autostart/station-screen.desktop
readonly RPI_SWAP=/etc/rpi/swap.conf.d/90-station.conf
readonly BOOT_LINE=/boot/firmware/cmdline.txt
readonly MEMORY_LIMITS=cgroup_enable=memory

sysusers_names() { awk -v kind="$1" '$1 == kind {print $2}' "$here/systemd/sysusers.conf"; }

make_users() {
  step "Users of the daemons"
  local group
  for group in $(sysusers_names g); do
    if ! $dry_run && ! getent group "$group" >/dev/null; then remember "group $group"; fi
  done
  if cmp -s "$here/systemd/sysusers.conf" "$SYSUSERS" && sysusers_names u | xargs getent passwd >/dev/null; then
    already "all there"
  else
    change "make the users $(sysusers_names u | tr '\n' ' ')" systemd-sysusers "$here/systemd/sysusers.conf"
  fi
}

make_folders() {
  step "Folders: $ETC, $STATE, /run/station"
  if cmp -s "$here/systemd/tmpfiles.conf" "$TMPFILES" && shared_folders_there; then
    already "all there"
  else
    change "make them, for the group station alone" make_shared_folders
  fi
}

shared_folders_there() {
  local each
  while read -r each; do
    case $each in /run/*) booted || continue ;; esac # made at each start
    [ -d "$each" ] || return 1
  done < <(awk '$1 == "d" {print $2}' "$here/systemd/tmpfiles.conf")
}

make_shared_folders() {
  mkdir -p "$ETC"
  systemd-tmpfiles --create "$here/systemd/tmpfiles.conf"
}

write_configuration() {
  step "Configuration"
  if [ -e "$CONFIG" ]; then
    already "$CONFIG is there and stays as it is"
  else
    put "$CONFIG" 644 < <(first_configuration)
  fi
}

# For updates; once the release that they were made for is up, so that going back finds those of the release before.
keep_choices() { printf 'hardware=%s\nscreen=%s\n' "$hardware" "$screen" >"$CHOICES"; }

first_configuration() {
  local force=hx711 camera=picamera2
  if ! $hardware; then force=simulated camera=simulated; fi
  cat <<TOML
# The station's configuration; docs/installation.md says what may stand here. install.sh never writes over it.
# What is set in the browser stands in conf.d/50-wizard.toml and counts more than this.

mode = "gym"

[force]
device = "$force"

[camera]
device = "$camera"
TOML
}

set_up_system() {
  step "Settings of the system"
  local before=$changes
  no_swap_on_disk
  memory_limits
  [ "$changes" != "$before" ] || already "as they should be"
}

# What is known of a visitor is to be gone after a power cut: it must not get into a swap file (docs/decisions/0031).
no_swap_on_disk() {
  if [ -d /etc/rpi ]; then
    put "$RPI_SWAP" 644 <<<$'# No swap on the card: compressed memory alone.\n[Main]\nMechanism=zram'
  fi
  if booted && systemctl is-enabled -q dphys-swapfile 2>/dev/null; then
    $dry_run || remember "swap dphys-swapfile"
    change "switch the swap file off" systemctl disable -q --now dphys-swapfile
  fi
}

# The Pi's firmware switches them off unless the kernel is told otherwise.
memory_limits() {
  if [ ! -f "$BOOT_LINE" ] || grep -qw "$MEMORY_LIMITS" "$BOOT_LINE"; then return 0; fi
  $dry_run || remember "boot $MEMORY_LIMITS"
  change "let systemd limit memory ($MEMORY_LIMITS in $BOOT_LINE; after the next start)" \
    sed -i "1s/\$/ $MEMORY_LIMITS/" "$BOOT_LINE"
}

# The policy of the browser, as the release "$1" has it: it opens the kiosk and nothing else.
place_policy() {
  if [ "$screen" = none ]; then
    drop "$POLICY"
  elif [ -e "$1/.complete" ]; then
    put "$POLICY" 644 <<<"$("$1/.venv/bin/station" browser-policy --config "$CONFIG")"
  else
    already "$POLICY will be written from the new release" # a dry run has none
  fi
}

# How fast this board finds poses: once, before the daemons take their share of the board.
measure_pose_speed() {
  step "Speed of this board"
  if [ -e "$STATE/pose_speed.json" ]; then
    already "known"
    return
  fi
  change "measure how fast it finds poses (half a minute)" pose_speed_as_camera
}

pose_speed_as_camera() {
  (cd / && umask 007 && runuser -u station-camera -- "$release/.venv/bin/python" -m station.camera.measure_speed --config "$CONFIG") ||
    already "it is not known: the station learns it in its first visit"
}
