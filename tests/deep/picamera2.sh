#!/usr/bin/env bash
# Holds our use of picamera2 against the real package, away from a Pi: tests/deep/picamera2.sh [DIRECTORY]
#
# Makes, in DIRECTORY (default .setup/picamera2, some 400 MB), Debian 13's python3-libcamera with all it needs, beside
# it picamera2 with what it imports, and runs tests/camera/test_picamera2_contract.py in there. Nothing of it is
# installed on this machine; it needs the packages mmdebstrap and python3-pip, root, and a minute the first time.
# Two modules are stood in for: pykms (display) and pidng (raw pictures), neither of which the station uses.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
place=$(realpath -m "${1:-$here/.setup/picamera2}")
root="$place/root"
packages="$place/packages"

debian() {
  local mirror
  # shellcheck disable=SC2016  # apt's own variable
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | head -n 1)
  rm -rf "$root"
  mkdir -p "$place"
  mmdebstrap --quiet --variant=extract \
    --include=python3,python3-libcamera,python3-numpy,python3-pil,python3-yaml,python3-jsonschema,python3-tqdm,python3-prctl \
    trixie "$root" "deb $mirror trixie main"
}

python_packages() {
  rm -rf "$packages"
  mkdir -p "$packages/pidng"
  python3 -m pip install --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
    --ignore-requires-python --python-version 3.13 \
    --platform "manylinux_2_28_$(uname -m)" --platform "manylinux_2_17_$(uname -m)" --target "$packages" \
    picamera2==0.3.38 simplejpeg==1.9.0 av==19.0.2 piexif==1.1.3 videodev2==0.0.4 libarchive-c==5.3 \
    msgspec pytest pluggy iniconfig packaging pygments
  printf 'PixelFormat = type("Names", (), {"__getattr__": lambda self, name: name})()\nCard = DrmCard = object\n' \
    >"$packages/pykms.py"
  touch "$packages/pidng/__init__.py"
  echo 'PICAM2DNG = None' >"$packages/pidng/core.py"
  echo 'Picamera2Camera = None' >"$packages/pidng/camdefs.py"
}

[ -x "$root/usr/bin/python3.13" ] || debian
[ -d "$packages/picamera2" ] || python_packages

libraries=$(echo "$root"/usr/lib/*-linux-gnu)
cd "$here"
PYTHONHOME="$root/usr" PYTHONPATH="$packages" PYTHONDONTWRITEBYTECODE=1 \
  exec "$(echo "$root"/usr/lib/*-linux-gnu/ld-linux-*)" --library-path "$libraries:$libraries/blas:$libraries/lapack" \
  "$root/usr/bin/python3.13" -m pytest --noconftest -c /dev/null --rootdir . -p no:cacheprovider \
  tests/camera/test_picamera2_contract.py
