"""What chat rooms cost, compared with servers that only send everybody what one sends."""

import contextlib
import re
import resource
import shutil
import statistics
import subprocess
from dataclasses import dataclass
from pathlib import Path

import load
from servers import Client, Server, ivs_local

ROOM_RATE = 100  # messages a second, the most that a room can allow
SENDERS = 5
PATH = "/chat"
NCHAN_MODULE = Path("/usr/lib/nginx/modules/ngx_nchan_module.so")
# Of each process, more than there are connections: the emulator keeps 4,096 for those that
# are not upgraded.
SPARE_DESCRIPTORS = 4500


@dataclass
class Peer:
    """A server, and whether its clients need tokens."""

    server: Server
    has_rooms: bool = False


def raise_descriptors(connections):
    """Lets processes have descriptors for so many connections. Returns how many of these
    they can have."""
    wanted = connections + SPARE_DESCRIPTORS
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(wanted, hard), max(wanted, hard)))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return min(connections, hard - SPARE_DESCRIPTORS)


def nchan(bench):
    """nginx with nchan, or None where it is not installed."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin")
    if program is None or not NCHAN_MODULE.exists():
        return None
    folder = (bench.work / "nginx").resolve()
    folder.mkdir(exist_ok=True)
    text = (load.HERE / "nchan.conf").read_text().format(
        module=NCHAN_MODULE, folder=folder,
        descriptors=resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    server = Server("nginx with nchan", [program, "-p", folder, "-c", folder / "nginx.conf"],
                    bench.work / "nginx.log")
    (folder / "nginx.conf").write_text(text.replace("{port}", str(server.port)))
    return server


def ws(bench):
    """Node.js with ws, or None where it is not installed."""
    program = shutil.which("node")
    if program is None or not (bench.clients / "websocket" / "installed").exists():
        return None
    return Server("Node.js with ws", [program, load.HERE / "broadcast.mjs", bench.clients,
                                      "{port}"], bench.work / "ws.log")


def peers(bench, stack, name):
    """All servers, started."""
    found = [Peer(Server("bare broadcast", [bench.build / "broadcast_bench", "{port}"],
                         bench.work / "broadcast.log")),
             Peer(ivs_local(bench.build, bench.work, bench.database(name)), has_rooms=True)]
    found += [Peer(server) for server in (nchan(bench), ws(bench)) if server is not None]
    for peer in found:
        stack.enter_context(peer.server)
    return found


def write_tokens(bench, server, count):
    """A new room, and the file with the tokens of its clients."""
    client = Client(server)
    room = client.call("CreateRoom", {"maximumMessageRatePerSecond": ROOM_RATE})["arn"]
    path = bench.work / "chat.tokens"
    path.write_text("".join(
        client.call("CreateChatToken", {"roomIdentifier": room, "userId": f"user-{n}",
                                        "capabilities": ["SEND_MESSAGE"]})["token"] + "\n"
        for n in range(count)))
    return path


def measure(bench, peer, clients, rate, seconds):
    """One run of the clients. Returns its figures by name."""
    tokens = write_tokens(bench, peer.server, clients) if peer.has_rooms else "-"
    done = subprocess.run(
        list(map(str, [bench.build / "chat_bench", peer.server.port, peer.server.process.pid,
                       PATH, tokens, clients, min(SENDERS, clients), rate, seconds])),
        stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{peer.server.name}: its clients did not get what they should")
    return {name: int(value) for name, value in re.findall(r"(\w+)=(-?\d+)", done.stdout)}


def medians(runs):
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def talks(bench):
    """(clients, messages a second, [(server, figures)]) for each size of a room."""
    rows = []
    with contextlib.ExitStack() as stack:
        servers = peers(bench, stack, "talk")
        for clients, rate in bench.talks:
            runs = [[] for _ in servers]
            for _ in range(bench.rounds):
                for peer, of_peer in zip(servers, runs):
                    of_peer.append(measure(bench, peer, clients, rate, bench.talk_seconds))
            rows.append((clients, rate, [(peer.server.name, medians(of_peer))
                                         for peer, of_peer in zip(servers, runs)]))
    return rows


def idle(bench):
    """(server, figures) of many connections that say nothing."""
    count = raise_descriptors(bench.idle_clients)
    if count < bench.idle_clients:
        print(f"SKIPPED: {bench.idle_clients} idle connections need more descriptors than "
              f"this user may have (ulimit -Hn); measured are {count}", flush=True)
    with contextlib.ExitStack() as stack:
        return [(peer.server.name, measure(bench, peer, count, 0, 0))
                for peer in peers(bench, stack, "idle")]
