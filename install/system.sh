# shellcheck shell=bash
# The system installation: sudo ./install.sh [OPTIONS].

# shellcheck source=install/common.sh
source "$here/install/common.sh"
# shellcheck source=install/checks.sh
source "$here/install/checks.sh"
# shellcheck source=install/packages.sh
source "$here/install/packages.sh"
# shellcheck source=install/release.sh
source "$here/install/release.sh"
# shellcheck source=install/host.sh
source "$here/install/host.sh"
# shellcheck source=install/activate.sh
source "$here/install/activate.sh"
# shellcheck source=install/remove.sh
source "$here/install/remove.sh"

hardware=$(chosen hardware)
screen=$(chosen screen)
task=install
purge=false

system_options() {
  local option
  for option in "$@"; do
    case $option in
      --dry-run) dry_run=true ;;
      --uninstall) task=uninstall ;;
      --purge) purge=true ;;
      --rollback) task=rollback ;;
      --packages) task=packages ;;
      --without-hardware) hardware=false ;;
      --with-hardware) hardware=true ;;
      --without-screen) screen=none ;;
      --with-screen) screen=$(kind_of_screen) ;;
      *) fail "unknown option '$option'; ./install.sh --help lists them" ;;
    esac
  done
  [ -n "$hardware" ] || hardware=true
  [ -n "$screen" ] || screen=$(kind_of_screen)
  if $purge && [ "$task" != uninstall ]; then fail "--purge goes with --uninstall"; fi
}

# A desktop starts the browser in its session; without one the station brings its own compositor.
kind_of_screen() {
  if [ -L /etc/systemd/system/display-manager.service ]; then printf desktop; else printf lite; fi
}

install_system() {
  umask 022
  system_options "$@"
  if ! $dry_run && [ "$(id -u)" != 0 ]; then fail "the system installation needs root: sudo ./install.sh $*"; fi
  trap 'fail "interrupted; run the same again: it goes on from here"' INT TERM
  trap unfinished EXIT
  if ! $dry_run; then check_alone; fi
  case $task in
    uninstall) uninstall ;;
    rollback) roll_back ;;
    packages) check_and_install_packages ;;
    install) install_station ;;
  esac
  conclude
}

# Whatever ended this without a word gets one.
unfinished() {
  case $? in
    0 | 2) ;;
    *) fail "step $step_number could not be finished, for the reason above; mend that and run the same again: it goes on from here" ;;
  esac
}

check_and_install_packages() {
  step "This machine"
  check_machine
  install_packages
}

install_station() {
  check_and_install_packages
  release_name=$(release_id)
  release=$RELEASES/$release_name
  build_release
  make_users
  make_folders
  write_configuration
  set_up_system
  measure_pose_speed
  start_release
  if ! $dry_run; then
    keep_choices
    prune_releases
  fi
}

conclude() {
  if $dry_run; then
    say "Dry run: nothing was changed; $changes changes would be made"
  elif [ "$changes" = 0 ]; then
    say "Nothing was to be done ($SECONDS s)"
  else
    say "Done: $changes changes in $SECONDS s"
  fi
}
