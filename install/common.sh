# shellcheck shell=bash
# What every part of the system installation shares: the places, how a change is said and made, what is remembered.

readonly OPT=/opt/station
readonly RELEASES=$OPT/releases
readonly CURRENT=$OPT/current
readonly PREVIOUS=$OPT/previous
readonly MADE=$OPT/made # one line a file, folder, group or setting outside of /opt/station: what --uninstall takes back
readonly CHOICES=$OPT/choices
readonly ETC=/etc/station
readonly CONFIG=$ETC/station.toml
readonly STATE=/var/lib/station
readonly COMMAND=/usr/local/bin/station
readonly UNITS=/etc/systemd/system
readonly SCREEN_UNIT=station-screen.service
readonly LOCK=/run/lock/station-install.lock

dry_run=false
changes=0
step_number=0

step() {
  step_number=$((step_number + 1))
  say "$step_number. $*"
}

# Says "$1" and runs the rest; in a dry run it only says it.
change() {
  local words=$1
  shift
  changes=$((changes + 1))
  if $dry_run; then
    printf '    would: %s\n' "$words" >&2
  else
    printf '    %s\n' "$words" >&2
    "$@"
  fi
}

already() { printf '    %s\n' "$*" >&2; }

# Whether systemd runs here as PID 1 (not so in a chroot, where an image is prepared).
booted() { [ -d /run/systemd/system ]; }

remember() {
  mkdir -p "$OPT"
  grep -qxF "$*" "$MADE" 2>/dev/null || printf '%s\n' "$*" >>"$MADE"
}

# What of the kind "$1" was made, the last first.
made() { if [ -f "$MADE" ]; then sed -n "s/^$1 //p" "$MADE" | tac; fi; }

# The folders above "$1" that are not there yet, outermost first.
missing_folders() {
  local folder=$1
  [ ! -d "$folder" ] || return 0
  missing_folders "$(dirname "$folder")"
  printf '%s\n' "$folder"
}

# Makes the folder "$1"; it is remembered only where it was not there.
folder() {
  local each
  for each in $(missing_folders "$1"); do
    remember "folder $each"
    mkdir "$each"
  done
}

_write() { # DESTINATION MODE, content on standard input
  folder "$(dirname "$1")"
  [ -e "$1" ] || remember "file $1"
  cat >"$1.new"
  chmod "$2" "$1.new"
  mv -f "$1.new" "$1"
}

# Makes "$1" a file of mode "$2" with what comes on standard input, where it is not that already.
put() {
  local content
  content=$(cat)
  if [ -f "$1" ] && [ "$(cat "$1")" = "$content" ]; then return 0; fi
  change "write $1" _write "$1" "$2" <<<"$content"
}

put_copy() { put "$2" 644 <"$1"; }

# Takes away a file that an installation made and this one has no more.
drop() {
  if [ -e "$1" ] && grep -qxF "file $1" "$MADE"; then change "remove $1" rm -f "$1"; fi
}

# What the last installation was told: chosen KEY; nothing where there was none.
chosen() { if [ -f "$CHOICES" ]; then sed -n "s/^$1=//p" "$CHOICES"; fi; }

# The same, and "$2" where there was none.
chosen_or() {
  local said
  said=$(chosen "$1")
  printf '%s' "${said:-$2}"
}
