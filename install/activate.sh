# shellcheck shell=bash
# From one release to another: the link, the unit files, the restart, and back where the new one does not come up.

readonly PLACED_IN='^/etc/(systemd|sysusers\.d|tmpfiles\.d|udev|xdg)/'
readonly HEALTHY_WITHIN_S=120
readonly MOST_RESTARTS=5 # of all daemons together while they come up
readonly SETTLED_AFTER_S=15 # longer than a daemon needs to fail and be started again

release_of() { basename "$(readlink "$1" 2>/dev/null)" 2>/dev/null || true; }

start_release() {
  step "Start"
  local before reason changed=$changes
  before=$(release_of "$CURRENT")
  if [ "$before" = "$release_name" ] && { ! booted || [ -e "$release/.healthy" ]; }; then
    place_release "$release"
    if [ "$changes" = "$changed" ]; then start_where_stopped; else must_come_up "$release_name"; fi
    return
  fi
  change "switch to release $release_name${before:+ (now: $before)}" switch_to "$release"
  if $dry_run; then
    place_release "$here"
    return
  fi
  if ! booted; then
    already "systemd does not run here: the station starts with the machine"
    return
  fi
  if reason=$(come_up); then
    touch "$release/.healthy"
    already "all daemons are up and the kiosk answers"
  else
    go_back "$reason"
  fi
}

start_where_stopped() {
  if ! booted || systemctl is-active -q station.target; then
    already "release $release_name is in use"
  else
    change "start station.target" systemctl start station.target
  fi
}

switch_to() {
  local before
  before=$(readlink "$CURRENT" || true)
  if [ -n "$before" ] && [ "$before" != "$1" ]; then relink "$PREVIOUS" "$before"; fi
  relink "$CURRENT" "$1"
  place_release "$1"
}

# A link is replaced in one go: a power cut leaves the old one or the new one.
relink() {
  ln -sfn "$2" "$1.new"
  mv -fT "$1.new" "$1"
}

# What the release "$1" has outside of /opt/station; what another release had beside it goes.
place_release() {
  local belongs file to before=$changes
  belongs=$(placed_files "$1")
  while read -r file to; do put_copy "$file" "$to"; done <<<"$belongs"
  for file in $(made file | grep -E "$PLACED_IN"); do
    grep -q " $file\$" <<<"$belongs" || take_back "$file"
  done
  place_policy "$1"
  if [ "$(readlink "$COMMAND")" != "$CURRENT/.venv/bin/station" ]; then change "write $COMMAND" place_command; fi
  if [ "$changes" != "$before" ]; then change "tell systemd" reload_system; fi
}

# A unit is stopped as long as systemd knows how.
take_back() {
  case $1 in
    "$UNITS"/*.service)
      if booted && systemctl is-active -q "${1##*/}"; then change "stop ${1##*/}" systemctl stop "${1##*/}"; fi
      drop "$1"
      if [ "${1##*/}" = "$SCREEN_UNIT" ]; then give_terminal_back; fi
      ;;
    *) drop "$1" ;;
  esac
}

# The screen's unit had taken it from whoever logs in.
give_terminal_back() {
  if booted; then change "start a terminal on the screen" systemctl start getty@tty1.service || true; fi # may be masked
}

# Each file of the release "$1" that belongs elsewhere, and where it belongs.
placed_files() {
  local file
  for file in "$1"/systemd/*.{target,service,path,timer,socket,slice}; do
    if [ -e "$file" ] && wanted_unit "${file##*/}"; then printf '%s %s\n' "$file" "$UNITS/${file##*/}"; fi
  done
  for file in "$1"/systemd/*.service.d/*.conf; do
    printf '%s %s\n' "$file" "$UNITS/${file#"$1"/systemd/}"
  done
  for file in "$1"/systemd/*.conf.d/*.conf; do
    printf '%s %s\n' "$file" "/etc/systemd/${file#"$1"/systemd/}"
  done
  printf '%s %s\n' "$1/systemd/sysusers.conf" "$SYSUSERS" "$1/systemd/tmpfiles.conf" "$TMPFILES"
  if $hardware; then printf '%s %s\n' "$1/systemd/udev.rules" "$UDEV"; fi
  if [ "$screen" = desktop ]; then printf '%s %s\n' "$1/install/station-screen.desktop" "$AUTOSTART"; fi
}

place_command() {
  remember "file $COMMAND"
  mkdir -p "$(dirname "$COMMAND")"
  ln -sfn "$CURRENT/.venv/bin/station" "$COMMAND"
}

# On a desktop the browser is started by the session; without a screen, not at all.
wanted_unit() { [ "$1" != "$SCREEN_UNIT" ] || [ "$screen" = lite ]; }

reload_system() {
  systemd-sysusers "$SYSUSERS"
  systemd-tmpfiles --create "$TMPFILES"
  if booted; then
    systemctl daemon-reload
    systemctl try-restart systemd-journald
    udevadm control --reload || true # a container has no udev
    udevadm trigger --subsystem-match=gpio --subsystem-match=dma_heap || true
  fi
  systemctl enable -q station.target
}

daemons() {
  local file
  for file in "$UNITS"/station-*.service; do
    [ "$(basename "$file")" = "$SCREEN_UNIT" ] || basename "$file"
  done
}

# Restarts the station; says why on standard output, and fails, where it does not come up and stay up.
come_up() {
  local deadline=$((SECONDS + HEALTHY_WITHIN_S)) why
  systemctl reset-failed 'station*' 2>/dev/null || true
  systemctl restart station.target 'station-*.service' || true # what did not start is named below
  while why=$(unwell); [ -n "$why" ]; do
    if [ "$SECONDS" -ge "$deadline" ] || [ "$(restarts)" -gt "$MOST_RESTARTS" ]; then
      printf '%s' "$why"
      return 1
    fi
    sleep 1
  done
  settled "$(restarts)"
}

settled() {
  local why
  sleep "$SETTLED_AFTER_S"
  why=$(unwell)
  if [ -z "$why" ] && [ "$(restarts)" != "$1" ]; then why="a daemon ends and is started again and again"; fi
  printf '%s' "$why"
  [ -z "$why" ]
}

# What is not as it should be, in one line; nothing where all is well.
unwell() {
  local unit
  for unit in $(daemons); do
    if ! systemctl is-active -q "$unit"; then
      printf '%s is not running; the last it said: %s' "$unit" "$(journalctl -q -b -n 1 -o cat "_SYSTEMD_UNIT=$unit")"
      return
    fi
  done
  "$CURRENT/.venv/bin/python" "$CURRENT/install/kiosk_answers.py" "$CONFIG"
}

# How often systemd has started a daemon again since they were told to start.
restarts() {
  local unit sum=0
  for unit in $(daemons); do sum=$((sum + $(systemctl show -P NRestarts "$unit"))); done
  printf '%s' "$sum"
}

go_back() {
  local before failed=$release_name reason=$1
  before=$(release_of "$PREVIOUS")
  if [ -z "$before" ]; then
    fail "the station does not come up: $reason. See: journalctl -b -u 'station-*'; mend that and run this again"
  fi
  say "Release $failed does not come up: $reason"
  say "Back to release $before"
  hardware=$(chosen_or hardware "$hardware") # the failed one's were not kept
  screen=$(chosen_or screen "$screen")
  switch_to "$RELEASES/$before"
  rm -rf "${RELEASES:?}/$failed" "$PREVIOUS"
  come_up || fail "nor does release $before come up; see: journalctl -b -u 'station-*'"
  fail "release $failed did not come up ($reason); release $before runs again, configuration and data are as they were"
}

# sudo ./install.sh --rollback
roll_back() {
  local before
  before=$(release_of "$PREVIOUS")
  [ -n "$before" ] || fail "there is no release before this one to go back to"
  step "Back to release $before"
  change "switch to it" switch_to "$RELEASES/$before"
  must_come_up "$before"
}

# Where there is none to go back to.
must_come_up() {
  local reason
  if $dry_run || ! booted; then return; fi
  reason=$(come_up) || fail "release $1 does not come up: $reason. See: journalctl -b -u 'station-*'; mend that and run this again"
  already "all daemons are up and the kiosk answers"
}
