# shellcheck shell=bash
# A release: a copy of this checkout with its own Python environment, in its final place from the beginning. It is
# named by its content, so the same checkout on the same system is the same release; a build that was interrupted
# goes on where it stopped. Steps that need the network come first: `once` keeps what they brought.

readonly SHIPPED=(
  install.sh install station systemd wiring docs README.md LICENSE
  pyproject.toml requirements.txt requirements-no-deps.txt package.json package-lock.json .npmrc
)
readonly SYSTEM_PYTHON='^(numpy|scipy)=='  # the system's own: see packages.sh
readonly WITHOUT_DEPENDENCIES='^opencv'    # asks for a newer numpy than Debian 12 has, and runs with that one

shipped_files() {
  (cd "$here" && find "${SHIPPED[@]}" -type f -not -path '*/__pycache__/*' -not -name '*.pyc' -print0 | LC_ALL=C sort -z)
}

# Versions of the system's packages that a release is built upon.
system_python() {
  python3 -V
  dpkg-query -W -f '${Package} ${Version}\n' python3-numpy python3-scipy 2>/dev/null || true
}

release_id() {
  local version content
  version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' "$here/station/__init__.py")
  content=$({ shipped_files | (cd "$here" && xargs -0 sha256sum); system_python; printf '%s\n' "$hardware"; } | sha256sum)
  printf '%s-%s' "$version" "${content:0:12}"
}

build_release() {
  step "Release $release_name"
  if [ -f "$release/.complete" ]; then
    already "is built"
    return
  fi
  change "copy this checkout to $release" copy_checkout
  change "make its Python environment upon the system's numpy and scipy, fetch its Python and front-end packages, \
prepare the pose weights, and check that all of it fits together" build
}

build() {
  state="$release/.setup" venv="$release/.venv"
  mkdir -p "$state"
  cd "$release"
  once venv "$(python3 -V)" make_release_venv
  once wheels "$(digest requirements.txt requirements-no-deps.txt)" fetch_wheels
  once python "$(digest requirements.txt requirements-no-deps.txt)" install_wheels
  once node "$(digest package.json package-lock.json .npmrc)" release_node_packages
  once weights "$(digest package-lock.json)" pose_weights
  check_release
  "$venv/bin/python" -m compileall -q station
  sync -f "$release"
  touch "$release/.complete"
  cd "$here"
}

copy_checkout() {
  mkdir -p "$release"
  shipped_files | tar -C "$here" --null -T - -c | tar -C "$release" -x --no-same-owner
  chmod -R a+rX,go-w "$release"
}

make_release_venv() {
  say "Python environment, upon the system's numpy and scipy"
  rm -rf "$venv"
  python3 -m venv --system-site-packages "$venv" || fail "python3 -m venv failed; is the package python3-venv installed?"
}

pip() { "$venv/bin/python" -m pip --disable-pip-version-check "$@"; }

# All wheels that an environment needs, in $OPT/wheels: an update with the same requirements needs no network.
fetch_wheels() {
  local wheels fetch
  list_requirements
  wheels="$OPT/wheels/$(digest "$state"/*.txt)"
  ln -sfn "$wheels" "$state/wheels"
  if [ -f "$wheels/.complete" ]; then return 0; fi
  say "Python packages: downloading"
  mkdir -p "$wheels"
  fetch=(pip wheel -q --find-links "$wheels" -w "$wheels")
  if ! "${fetch[@]}" -c "$state/constraints.txt" -r "$state/requirements.txt" ||
    ! "${fetch[@]}" --no-deps -r "$state/no-deps.txt"; then
    fail "pip could not fetch the Python packages; check the network, then run this again: it goes on from here"
  fi
  rm -f "$wheels"/numpy-* "$wheels"/scipy-*
  touch "$wheels/.complete"
}

list_requirements() {
  grep -vE "$SYSTEM_PYTHON|$WITHOUT_DEPENDENCIES" requirements.txt >"$state/requirements.txt"
  { grep -E "$WITHOUT_DEPENDENCIES" requirements.txt; cat requirements-no-deps.txt; build_requirement; } >"$state/no-deps.txt"
  system_constraints >"$state/constraints.txt"
}

build_requirement() { sed -n 's/^requires = \["\(setuptools==[^"]*\)"\]$/\1/p' pyproject.toml; }

system_constraints() {
  "$venv/bin/python" -c 'import numpy, scipy; print(f"numpy=={numpy.__version__}\nscipy=={scipy.__version__}")' ||
    fail "numpy and scipy of the system cannot be imported; try: sudo apt-get install --reinstall python3-numpy python3-scipy"
}

install_wheels() {
  say "Python packages: installing"
  local -x PIP_NO_INDEX=1 PIP_FIND_LINKS="$state/wheels/"
  pip install -q -r "$state/requirements.txt" || fail "pip could not install the Python packages; see above"
  pip install -q --no-deps -r "$state/no-deps.txt" -e . || fail "pip could not install the station; see above"
}

release_node_packages() {
  say "Front-end packages and pose weights"
  npm ci --omit=dev --prefer-offline --cache "$OPT/npm" --no-audit --no-fund --loglevel=error ||
    fail "npm ci failed; check the network, then run this again: it goes on from here"
}

check_release() {
  say "Do all packages fit together?"
  local options=()
  if $hardware; then options=(--hardware); fi
  "$venv/bin/python" install/check_imports.py "${options[@]}" || fail "the release $release_name cannot run on this system; see above"
}

# Keeps the releases in use and before it, and the wheels of the one in use.
prune_releases() {
  local each wheels
  for each in "$RELEASES"/*/; do
    case "$(realpath "$each")" in
      "$(realpath -m "$CURRENT")" | "$(realpath -m "$PREVIOUS")") ;;
      *) change "delete the old release $(basename "$each")" rm -rf "$each" ;;
    esac
  done
  wheels=$(realpath -m "$CURRENT/.setup/wheels")
  for each in "$OPT"/wheels/*/; do
    [ "$(realpath "$each")" = "$wheels" ] || rm -rf "$each"
  done
}
