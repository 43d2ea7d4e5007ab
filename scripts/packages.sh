# Lists of Debian packages. The scripts next to this file source it.

BUILD_PACKAGES=(
  gcc libc6-dev cmake ninja-build pkg-config
  libmicrohttpd-dev libcjson-dev libsqlite3-dev uuid-dev libunistring-dev
  libgnutls28-dev libcurl4-gnutls-dev zlib1g-dev
)
TEST_PACKAGES=(libcmocka-dev python3 python3-venv curl)
ALL_TESTS_PACKAGES=(clang zsh fish)
PACKAGE_PACKAGES=(debootstrap dpkg-dev lintian groff-base mandoc systemd iproute2)
IMAGE_PACKAGES=(
  buildah podman containernetworking-plugins debootstrap debian-archive-keyring
  iproute2 openssl python3-yaml docker-compose
)
LINT_PACKAGES=(cppcheck shellcheck)
# Only .devcontainer installs these. The lint tests need version 14 of the Clang tools.
DEVELOPMENT_PACKAGES=(clang clang-format-14 clang-tidy-14 ca-certificates ccache gdb git)
JS_PACKAGES=(nodejs npm)
BROWSER_PACKAGES=(chromium)
BENCH_PACKAGES=(wrk valgrind)
NCHAN_PACKAGES=(nginx libnginx-mod-nchan)
GO_PACKAGES=(golang-go)
JAVA_PACKAGES=(default-jdk-headless maven)

say() {
  printf '\n== %s\n' "$*"
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

# Installs the given packages that are missing, if any.
need_packages() {
  local missing=() package
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
      missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if ! command -v apt-get >/dev/null; then
    echo "This system has no apt-get. Install the equivalents of: ${missing[*]}" >&2
    return 1
  fi
  if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
    echo "Run this as root, or install sudo: packages are missing: ${missing[*]}" >&2
    return 1
  fi
  say "Installing with apt: ${missing[*]}"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# Whether apt offers the package in this version or a newer one.
offers() {
  local candidate
  candidate=$(apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: //p')
  dpkg --compare-versions "${candidate#(none)}" ge "$2"
}
