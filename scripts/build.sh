# shellcheck shell=bash
# Sourced by scripts/run and tests/package/run, after packages.sh and in the root of the
# repository.

# Builds a release in the given folder: the program and all that `cmake --install` and cpack
# install, but no tests.
build_release() {
  local folder=$1
  if [ ! -f "$folder/build.ninja" ]; then
    say "Configuring the release build in $folder"
    cmake -S . -B "$folder" -G Ninja -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF >/dev/null
  fi
  say "Building"
  cmake --build "$folder" --target ivs-local shipped
}
