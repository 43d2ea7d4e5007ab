"""Replays the calls of the Terraform provider, with the SDK that it uses, against a
server."""
import os
import sys
from pathlib import Path

from support import programs
from support.server import BUILD, Server


def main():
    server = Server()
    ended = programs.start(
        "go", ["go", "test", "-v", "-count=1", "./..."],
        Path(os.environ["CONFORMANCE_CLIENTS"]), programs.HERE / "terraform",
        BUILD / "conformance" / "terraform", AWS_ENDPOINT_URL_IVS=server.url,
        AWS_ENDPOINT_URL_IVSCHAT=server.url)
    server.stop()
    return ended.returncode


if __name__ == "__main__":
    sys.exit(main())
