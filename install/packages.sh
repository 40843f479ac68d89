# shellcheck shell=bash
# System packages. What has to fit the Pi's own libraries comes from here and never from pip: numpy and scipy (picamera2
# is compiled against them), picamera2, RPi.GPIO (the rpi-lgpio shim, which drives every Pi).

readonly BASE_PACKAGES=(python3-venv python3-numpy python3-scipy nodejs npm)
readonly HARDWARE_PACKAGES=(python3-picamera2 python3-rpi-lgpio)
readonly BROWSER_PACKAGES=(chromium fonts-dejavu-core wlr-randr)
# Bookworm's cage does not start without Xwayland; without polkitd logind switches to no other terminal (Ctrl+Alt+F2).
readonly LITE_SCREEN_PACKAGES=(cage xwayland polkitd)

wanted_packages() {
  printf '%s\n' "${BASE_PACKAGES[@]}"
  if $hardware; then printf '%s\n' "${HARDWARE_PACKAGES[@]}"; fi
  case "$screen" in
    lite) printf '%s\n' "${BROWSER_PACKAGES[@]}" "${LITE_SCREEN_PACKAGES[@]}" ;;
    desktop) printf '%s\n' "${BROWSER_PACKAGES[@]}" ;;
  esac
}

# Programs may come from elsewhere or under another name; what Python imports has to be the system's.
there() {
  case $1 in
    nodejs) command -v node ;;
    npm) command -v npm ;;
    chromium) command -v chromium || command -v chromium-browser ;;
    *) dpkg-query -W -f '${db:Status-Status}' "$1" 2>&1 | grep -x installed ;;
  esac >/dev/null
}

install_packages() {
  local missing=() package
  step "System packages"
  if [ -n "$(dpkg --audit)" ]; then change "finish what dpkg was interrupted in" finish_dpkg; fi
  for package in $(wanted_packages); do
    there "$package" || missing+=("$package")
  done
  if [ "${#missing[@]}" = 0 ]; then
    already "all there"
    return
  fi
  change "apt-get install ${missing[*]}" apt_install "${missing[@]}"
}

finish_dpkg() { DEBIAN_FRONTEND=noninteractive dpkg --configure -a || fail "dpkg --configure -a failed; mend that, then run this again"; }

apt_install() {
  local package
  apt-get -o APT::Update::Error-Mode=any update -q || fail "apt-get update failed; check the network, then run this again"
  for package in "$@"; do
    apt-cache show "$package" >/dev/null 2>&1 || unknown_package "$package"
  done
  DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 install -y -q --no-install-recommends "$@" ||
    fail "apt-get could not install $*; check the network and the lines above, then run this again"
}

unknown_package() {
  local hint=""
  case " ${HARDWARE_PACKAGES[*]} " in
    *" $1 "*) hint=": only Raspberry Pi OS has it. For a machine without pins and camera: sudo ./install.sh --without-hardware" ;;
  esac
  fail "apt knows no package $1$hint"
}
