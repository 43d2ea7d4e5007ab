# Which processor the image is for, for the scripts beside this file to source.

# The one that docker names, or this machine's own.
ARCH=${1:-$(dpkg --print-architecture)}

case $ARCH in
  amd64) TRIPLET=x86_64-linux-gnu QEMU=qemu-x86_64-static ;;
  arm64) TRIPLET=aarch64-linux-gnu QEMU=qemu-aarch64-static ;;
  *) echo "No image is made for $ARCH, only for amd64 and arm64" >&2; exit 1 ;;
esac
# What runs a program of that processor: nothing, on its own kind.
[ "$ARCH" != "$(dpkg --print-architecture)" ] || QEMU=
