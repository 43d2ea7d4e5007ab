"""The measurements. Each function returns the rows of one table."""

import contextlib
import json
import os
import random
import re
import sqlite3
import subprocess

import load
from servers import ACCOUNT, REGION, Client, constant, ivs_local, moto

PAGE = 100
LOAD_CHANNELS = 1000
# Otherwise the counts of valgrind would depend on the length of what is cleared or
# copied, byte by byte, where the processor has an instruction for the whole.
NO_STRING_INSTRUCTIONS = ("glibc.cpu.x86_rep_stosb_threshold=1000000000:"
                          "glibc.cpu.x86_rep_movsb_threshold=1000000000")


def arn(kind, name):
    return f"arn:aws:ivs:{REGION}:{ACCOUNT}:{kind}/{name}"


def create_channels(client, count):
    return [client.call("CreateChannel", {"name": f"channel-{n}"})["channel"]["arn"]
            for n in range(count)]


def loads(arns):
    """The requests of each measurement: pairs of an operation and a body."""
    gets = [("GetChannel", json.dumps({"arn": one})) for one in arns]
    create = ("CreateChannel", '{"name":"lobby"}')
    mixed = [gets[n] if n % 20 < 16 else create if n % 20 < 18 else
             ("ListChannels", '{"maxResults":10}') for n in range(len(gets))]
    return {"GetChannel": gets, "ListChannels": [("ListChannels", f'{{"maxResults":{PAGE}}}')],
            "mixed": mixed, "CreateChannel": [create]}


def requests_of(server, work, count):
    """The files with the requests for a server that has no channels yet."""
    arns = create_channels(Client(server), count)
    return {name: load.write_requests(work / f"{server.name}.{name}.requests", requests)
            for name, requests in loads(arns).items()}


def throughput(bench):
    """(load, server, figures) for each load and server, and the memory used meanwhile."""
    rows, memory = [], {}
    with contextlib.ExitStack() as stack:
        ours = stack.enter_context(ivs_local(bench.build, bench.work, bench.database("load")))
        servers = [(ours, requests_of(ours, bench.work, LOAD_CHANNELS))]
        other = moto(bench.clients, bench.work)
        if other is not None:
            stack.enter_context(other)
            servers.append((other, requests_of(other, bench.work, 2 * PAGE)))
        for name in ("GetChannel", "ListChannels"):
            load.run(ours, servers[0][1][name], bench.seconds)
        memory["warm"] = ours.resident_kib()
        for name in ("GetChannel", "ListChannels", "mixed", "CreateChannel"):
            first = loads(create_channels(Client(ours), 1))[name][0]
            answer, text = Client(ours).raw(first[0], json.loads(first[1]))
            with constant(bench.build, bench.work, name, answer, text) as limit:
                sides = [(limit, servers[0][1][name]),
                         *((server, files[name]) for server, files in servers)]
                figures = load.in_turns(sides, bench.rounds, bench.seconds)
            rows += [(name, side[0].name, one) for side, one in zip(sides, figures)]
            if name == "ListChannels":
                memory["reads"] = ours.resident_kib()
        memory["all"] = ours.resident_kib()
    return rows, memory


def starts(bench):
    """(what, milliseconds of each start)."""
    fresh = [bench.database(f"start-{n}") for n in range(bench.starts)]
    kept = bench.database("kept")
    with ivs_local(bench.build, bench.work, kept) as server:
        create_channels(Client(server), LOAD_CHANNELS)
    cases = [("IVS Local, a new file", fresh), ("IVS Local, a file with 1,000 channels",
                                                [kept] * bench.starts),
             ("IVS Local, in memory", [":memory:"] * bench.starts)]
    times = {name: [] for name, _ in cases}
    for turn in range(bench.starts):
        for name, databases in cases:
            server = ivs_local(bench.build, bench.work, databases[turn])
            times[name].append(first_answer(bench, server))
    other = moto(bench.clients, bench.work)
    if other is not None:
        times["moto"] = [first_answer(bench, other) for _ in range(3)]
    return list(times.items())


def first_answer(bench, server):
    printed = subprocess.run([bench.build / "first_answer", str(server.port), *server.command],
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                             check=True).stdout
    return float(printed)


def memory_at_start(bench):
    """KiB resident after the first response, for a file and in memory."""
    found = []
    for database in (bench.database("small"), ":memory:"):
        with ivs_local(bench.build, bench.work, database) as server:
            Client(server).call("ListChannels", {})
            found.append(server.resident_kib())
    return found


def memory_for_each_channel(bench):
    """(what, channels, KiB for each): what many channels add to a server with a few."""
    rows = []
    for what, database in (("in memory", ":memory:"), ("a file", bench.database("many"))):
        with ivs_local(bench.build, bench.work, database) as server:
            client = Client(server)
            create_channels(client, 100)
            before = server.resident_kib()
            create_channels(client, bench.memory_channels)
            grown = server.resident_kib() - before
            rows.append((what, bench.memory_channels, grown / bench.memory_channels))
    return rows


def fill(path, count):
    """Stores channels in a database that the server has created and closed."""
    script = (load.HERE / "fill.sql").read_text()
    values = {"account": ACCOUNT, "region": REGION, "count": count}
    with contextlib.closing(sqlite3.connect(path)) as database:
        statement = ""
        for line in script.splitlines(keepends=True):
            statement += line
            if sqlite3.complete_statement(statement):
                database.execute(statement, values)
                statement = ""
        ids = [row[0] for row in database.execute(
            "SELECT id FROM channel WHERE account = ? AND region = ? ORDER BY seq",
            (ACCOUNT, REGION))]
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return ids


def page_in_the_middle(client, count):
    """The token of the page that begins in the middle of all channels."""
    token, passed = None, 0
    while passed < count // 2:
        body = {"maxResults": PAGE, **({"nextToken": token} if token else {})}
        page = client.call("ListChannels", body)
        token, passed = page["nextToken"], passed + PAGE
    return token


def growth_requests(server, count, ids):
    """The requests to a filled server: a dictionary of lists of requests."""
    picked = random.Random(1).sample(ids, min(len(ids), 20000))
    pages = {
        "all": {},
        "all, in the middle": {"nextToken": page_in_the_middle(Client(server), count)},
        "filterByName": {"filterByName": "lobby"},
        "filterByRecordingConfigurationArn": {
            "filterByRecordingConfigurationArn": arn("recording-configuration", "benchRecord1")},
        "filterByPlaybackRestrictionPolicyArn": {
            "filterByPlaybackRestrictionPolicyArn":
                arn("playback-restriction-policy", "benchRestric")},
        "filterByAdConfigurationArn": {
            "filterByAdConfigurationArn": arn("ad-configuration", "benchAds0001")},
        "filterByFailoverSlateConfigurationArn": {
            "filterByFailoverSlateConfigurationArn":
                arn("failover-slate-configuration", "benchSlate01")},
    }
    for name, body in pages.items():
        page = Client(server).call("ListChannels", {"maxResults": PAGE, **body})
        if len(page["channels"]) != PAGE:
            raise SystemExit(f"ListChannels, {name}: {len(page['channels'])} channels")
    return {"GetChannel": [("GetChannel", json.dumps({"arn": arn("channel", one)}))
                           for one in picked],
            **{f"ListChannels, {name}": [("ListChannels",
                                          json.dumps({"maxResults": PAGE, **body}))]
               for name, body in pages.items()},
            "CreateChannel": [("CreateChannel", '{"name":"lobby"}')]}


def growth(bench):
    """(load, figures with few, figures with many); then the memory of the many."""
    sides, weights = [], []
    with contextlib.ExitStack() as stack:
        for count in bench.growth:
            path = bench.database(f"growth-{count}")
            with ivs_local(bench.build, bench.work, path):
                pass # it creates the tables
            ids = fill(path, count)
            server = stack.enter_context(ivs_local(bench.build, bench.work, path))
            sides.append((server, {
                name: load.write_requests(bench.work / f"growth-{count}.{at}.requests", requests)
                for at, (name, requests) in
                enumerate(growth_requests(server, count, ids).items())}))
        rows = [(name, *load.in_turns([(server, files[name]) for server, files in sides],
                                      bench.rounds, bench.seconds)) for name in sides[0][1]]
        for count, (server, _) in zip(bench.growth, sides):
            size = os.path.getsize(bench.work / f"growth-{count}.db")
            weights.append((count, server.resident_kib(), size / count))
    return rows, weights


def instructions(bench):
    """(operation, instructions of the server for one request): the difference of two
    runs, so that neither includes the cost of a start."""
    rows = []
    for name in ("GetChannel", "CreateChannel", "ListChannels"):
        few, many = (count_run(bench, name, times * bench.counted) for times in (1, 2))
        rows.append((name, (many - few) / bench.counted))
    return rows


def count_run(bench, name, times):
    found = bench.work / "callgrind.out"
    database = bench.database(f"counted-{name}-{times}")
    wrapper = ["env", f"GLIBC_TUNABLES={NO_STRING_INSTRUCTIONS}", "valgrind",
               "--tool=callgrind", f"--callgrind-out-file={found}"]
    with ivs_local(bench.build, bench.work, database, wrapper=wrapper) as server:
        client = Client(server)
        requests = loads(create_channels(client, PAGE))[name]
        for n in range(times):
            operation, body = requests[n % len(requests)]
            client.call(operation, json.loads(body))
    return int(re.search(r"^totals: (\d+)", found.read_text(), re.MULTILINE)[1])
