# shellcheck shell=bash
# sudo ./install.sh --uninstall [--purge]: takes back what stands in $MADE. System packages stay: others may use them.

uninstall() {
  local had_screen=false
  if [ -e "$UNITS/$SCREEN_UNIT" ]; then had_screen=true; fi
  step "Stop the station"
  if booted && systemctl cat station.target >/dev/null 2>&1; then
    change "stop all daemons" systemctl stop station.target 'station-*.service'
  fi
  if [ -e "$UNITS/station.target" ]; then change "start no more with the machine" systemctl disable -q station.target; fi
  step "Files outside of $OPT"
  remove_made file
  restore_settings
  if $purge; then remove_data; else already "$STATE and $ETC stay, with the users who own them; sudo ./install.sh --uninstall --purge removes them, too"; fi
  step "The releases"
  remove_tree /run/station
  remove_made folder
  if $purge; then remove_tree "$OPT"; elif [ -d "$OPT" ]; then forget_all_but_groups; fi
  if booted && [ "$changes" != 0 ]; then change "tell systemd and its log" forget_units; fi
  if $had_screen; then give_terminal_back; fi
}

forget_units() {
  systemctl daemon-reload
  systemctl try-restart systemd-journald # where its log belongs without the station's settings
}

remove_tree() {
  if [ -e "$1" ] || [ -L "$1" ]; then change "remove $1" rm -rf "$1"; fi
}

remove_made() { # file or folder
  local path
  for path in $(made "$1"); do
    case $1 in
      file) case $path in "$ETC"/*) ;; *) remove_tree "$path" ;; esac ;; # what stands there the owner has written since
      folder) if [ -d "$path" ] && [ -z "$(ls -A "$path")" ]; then change "remove $path" rmdir "$path"; fi ;;
    esac
  done
}

restore_settings() {
  local each
  for each in $(made swap); do
    if booted && systemctl cat "$each" >/dev/null 2>&1; then
      change "switch the swap file on again" systemctl enable -q --now "$each"
    fi
  done
  for each in $(made boot); do
    change "take $each out of $BOOT_LINE" sed -i "s/ $each\\b//" "$BOOT_LINE"
  done
}

remove_data() {
  local each
  step "Data, configuration and users"
  remove_tree "$STATE"
  remove_tree "$ETC"
  remove_tree /var/lib/station-screen
  for each in $(sysusers_names u); do
    if getent passwd "$each" >/dev/null; then change "remove the user $each" remove_user "$each"; fi
  done
  for each in $(made group); do
    if getent group "$each" >/dev/null; then change "remove the group $each" groupdel "$each"; fi
  done
}

# A session on the screen outlives its unit by some seconds, and nobody who has one can be removed.
remove_user() {
  if booted; then systemctl stop "user@$(id -u "$1").service" 2>/dev/null || true; fi
  userdel "$1"
}

# The groups that were made here: a later --purge is to find them.
forget_all_but_groups() {
  change "remove all in $OPT but the list of groups, for a later --purge" find "$OPT" -mindepth 1 -maxdepth 1 -not -name made -exec rm -rf {} +
  $dry_run || sed -i '/^group /!d' "$MADE"
}
