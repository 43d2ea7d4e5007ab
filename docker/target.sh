# The processor that the image is for. The scripts next to this file source it.

# The one that docker passes, or this machine's.
ARCH=${1:-$(dpkg --print-architecture)}

case $ARCH in
  amd64) TRIPLET=x86_64-linux-gnu QEMU=qemu-x86_64-static ;;
  arm64) TRIPLET=aarch64-linux-gnu QEMU=qemu-aarch64-static ;;
  *) echo "Images are built for amd64 and arm64 only, not for $ARCH" >&2; exit 1 ;;
esac
# Runs programs of that processor; empty if the machine can do so itself.
[ "$ARCH" != "$(dpkg --print-architecture)" ] || QEMU=
