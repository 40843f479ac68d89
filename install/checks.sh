# shellcheck shell=bash
# What must be true before anything is changed. Each says what is wrong and what to do.

readonly FIRST_TIME_MB=4000 # packages 1.5 GB unpacked and 0.4 GB as archives, a release 1 GB, the rest to live on
readonly UPDATE_MB=1500

check_machine() {
  check_system
  check_space
  check_command
}

check_system() {
  local id version architecture
  id=$(. /etc/os-release && printf '%s' "${ID:-}")
  version=$(. /etc/os-release && printf '%s' "${VERSION_ID:-}")
  case "$id $version" in
    'debian 12' | 'debian 13') ;;
    raspbian*) fail "this is the 32-bit Raspberry Pi OS; write the 64-bit one (Bookworm or Trixie) to the card" ;;
    *) fail "this is ${id:-an unknown system} $version; the station needs Raspberry Pi OS or Debian 12 (Bookworm) or 13 (Trixie)" ;;
  esac
  architecture=$(dpkg --print-architecture)
  case "$architecture" in
    arm64 | amd64) already "Debian $version on $architecture" ;;
    *) fail "this system is 32-bit ($architecture); write the 64-bit Raspberry Pi OS to the card" ;;
  esac
}

check_space() {
  local needed_mb=$UPDATE_MB free_mb
  [ -e "$CURRENT" ] || needed_mb=$FIRST_TIME_MB
  free_mb=$(df -Pm /opt | awk 'NR == 2 {print $4}')
  [ "$free_mb" -ge "$needed_mb" ] ||
    fail "only $free_mb MB are free on the disk of /opt, and $needed_mb are needed; use a larger card or delete something"
  already "$free_mb MB free"
}

# What another program has put there is not ours to replace, nor to remove some day.
check_command() {
  if { [ -e "$COMMAND" ] || [ -L "$COMMAND" ]; } && [[ $(readlink "$COMMAND") != "$OPT"/* ]]; then
    fail "$COMMAND is there and is not this station's; move it away, then run this again"
  fi
}

check_alone() {
  exec {installing}>"$LOCK" || fail "cannot write $LOCK"
  flock -n "$installing" || fail "another installation is going on; wait for its end"
}
