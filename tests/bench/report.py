"""The tables of docs/performance.md, and the lines that are printed."""

import json
import os
import platform
import re
import statistics
import subprocess
from pathlib import Path

import chat

BEGIN = "<!-- What follows, up to the end mark, is written by scripts/bench. -->"
END = "<!-- The end mark of scripts/bench. -->"


def table(header, rows):
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "".join("| " + " | ".join(map(str, line)) + " |\n" for line in lines) + "\n"


def number(value):
    return f"{value:,.0f}"


def verdict(met):
    return "met" if met else "**missed**"


def version(command, pattern):
    printed = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             text=True, check=False).stdout
    return re.search(pattern, printed)[1]


def debian_version(package):
    return version(["dpkg-query", "-W", "-f", "${Version}", package], r"^(?:\d+:)?([^-+]*)")


def peers(clients):
    """The versions of the other servers that are measured, as far as they are installed."""
    found = []
    if (clients / "moto" / "bin" / "python").exists():
        found.append("moto " + version(
            [clients / "moto" / "bin" / "python", "-c", "import moto; print(moto.__version__)"],
            r"([\d.]+)"))
    if chat.NCHAN_MODULE.exists():
        nginx, nchan = map(debian_version, ("nginx", "libnginx-mod-nchan"))
        found.append(f"nginx {nginx} with nchan {nchan}")
    package = clients / "websocket" / "node_modules" / "ws" / "package.json"
    if package.exists():
        found.append("ws " + json.loads(package.read_text())["version"] + " with Node.js " +
                     version(["node", "--version"], r"v([\d.]+)"))
    return "".join(f", {peer}" for peer in found)


def machine(clients):
    cpu = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return (f"{os.cpu_count()} cores of {cpu[1] if cpu else 'an unknown processor'}, "
            f"Linux {platform.release().split('-')[0]}, "
            f"libmicrohttpd {debian_version('libmicrohttpd12')}, "
            f"SQLite {debian_version('libsqlite3-0')}, "
            f"cJSON {debian_version('libcjson1')}, "
            f"wrk {debian_version('wrk')}{peers(clients)}. "
            "The load came from the same machine.\n\n")


def throughput(rows):
    limits = {load: figures for load, server, figures in rows if server == "constant"}
    return table(
        ["load", "server", "answers/s", "of the constant", "CPU µs", "p50 ms", "p99 ms",
         "p99.9 ms"],
        [[load if server == "constant" else "", server, number(of.rate),
          "" if server == "constant" else f"{of.rate / limits[load].rate:.3f}",
          f"{of.cpu_us:.1f}", f"{of.p50_us / 1e3:.2f}", f"{of.p99_us / 1e3:.2f}",
          f"{of.p999_us / 1e3:.2f}"] for load, server, of in rows])


def starts(rows):
    return table(["start", "median ms", "longest ms", "starts"],
                 [[what, f"{statistics.median(times):.1f}", f"{max(times):.1f}", len(times)]
                  for what, times in rows])


def memory(at_start, under_load, each):
    return table(["memory", "resident"], [
        ["at start, a file", f"{at_start[0] / 1024:.1f} MiB"],
        ["at start, in memory", f"{at_start[1] / 1024:.1f} MiB"],
        ["after a first load of GetChannel and one of ListChannels", f"{under_load['warm'] / 1024:.1f} MiB"],
        ["after five more of each, in turns", f"{under_load['reads'] / 1024:.1f} MiB"],
        ["after the mixed load and that of CreateChannel", f"{under_load['all'] / 1024:.1f} MiB"],
        *[[f"for each of {number(count)} channels, {what}", f"{kib * 1024:,.0f} B"]
          for what, count, kib in each]])


def growth(rows, sizes):
    few, many = map(number, sizes)
    return table(
        ["load", f"answers/s at {few}", f"at {many}", "cost by rate", "cost by CPU"],
        [[load, number(a.rate), number(b.rate), f"{a.rate / b.rate:.2f}",
          f"{b.cpu_us / a.cpu_us:.2f}"] for load, a, b in rows])


def weights(rows):
    return table(["channels stored", "resident MiB", "bytes of file for each"],
                 [[number(count), f"{kib / 1024:.1f}", number(size)]
                  for count, kib, size in rows])


def instructions(rows, before):
    return table(["operation", "instructions", "in the last table"],
                 [[name, number(count),
                   f"{count / before[name] - 1:+.1%}" if name in before else ""]
                  for name, count in rows])


def core_share(of):
    """The part of a core that the server used."""
    return of["cpu_us"] / of["took_us"]


def talks(rows):
    lines = []
    for clients, rate, servers in rows:
        least = core_share(servers[0][1])
        lines += [[f"{clients} clients, {rate} messages/s" if at == 0 else "", server,
                   f"{core_share(of):.1%}", f"{of['kernel_us'] / of['took_us']:.1%}",
                   f"{core_share(of) / least:.2f}" if at > 0 and least > 0 else "",
                   f"{of['delay_p50_us'] / 1e3:.1f}", f"{of['delay_p99_us'] / 1e3:.1f}"]
                  for at, (server, of) in enumerate(servers)]
    return table(["room", "server", "of a core", "of it in the kernel", "of the bare broadcast",
                  "p50 ms", "p99 ms"], lines)


def idle_bytes(of, kind):
    return 1024 * of[f"{kind}_kib"] / of["clients"]


def idle(rows):
    return table(["idle connections", "resident", "private", "handshakes/s",
                  "CPU µs of each", "p99 ms"],
                 [[server, *(f"{number(idle_bytes(of, kind))} B" for kind in ("rss", "private")),
                   number(of["clients"] / of["took_us"] * 1e6),
                   number(of["cpu_us"] / of["clients"]),
                   f"{of['handshake_p99_us'] / 1e3:.1f}"] for server, of in rows])


def chat_targets(rooms, idle_rows):
    clients, rate, servers = rooms[0]
    of = dict(servers)["IVS Local"]
    bare = dict(servers)["bare broadcast"]
    each = idle_bytes(dict(idle_rows)["IVS Local"], "rss")
    share, late_ms = core_share(of), of["delay_p99_us"] / 1e3
    room = f"A chat room with {clients} clients and {rate} messages/s"
    return [
        [f"{room}: processor (bare broadcast: {core_share(bare):.1%})", "≤ 10% of a core",
         f"{share:.1%}", verdict(share <= 0.1)],
        [f"{room}: until the last client has a message, p99 (bare broadcast: "
         f"{bare['delay_p99_us'] / 1e3:.1f} ms)", "≤ 25 ms", f"{late_ms:.1f} ms",
         verdict(late_ms <= 25)],
        ["Memory of an idle chat connection", "≤ 8 KiB", f"{each:,.0f} B",
         verdict(each <= 8 * 1024)]]


def counts_before(document):
    """The instruction counts in the document."""
    if not document.exists():
        return {}
    section = document.read_text().partition("| operation | instructions |")[2]
    return {name: float(count.replace(",", "")) for name, count in
            re.findall(r"^\| (\w+) \| ([\d,]+) \|", section, re.MULTILINE)}


def targets(bench, loads, started, at_start, under_load, each, grown, more):
    rate = {(load, server): of.rate for load, server, of in loads}
    longest = statistics.median(next(times for what, times in started if "new" in what))
    worst = max((b.cpu_us / a.cpu_us, load) for load, a, b in grown)
    read_growth = under_load["reads"] - under_load["warm"]
    rows = [("GetChannel, of the constant answer", 0.7, "GetChannel"),
            ("CreateChannel into a file, of the constant answer", 0.35, "CreateChannel"),
            (f"A page of 100 channels, of the constant answer", 0.06, "ListChannels")]
    lines = [[what, f"≥ {least}", f"{found:.3f}", verdict(found >= least)]
             for what, least, load in rows
             for found in [rate[load, "IVS Local"] / rate[load, "constant"]]]
    lines += [
        ["First answer (median of the starts with a new file)", "≤ 20 ms", f"{longest:.1f} ms",
         verdict(longest <= 20)],
        ["Resident at start", "≤ 12 MiB", f"{max(at_start) / 1024:.1f} MiB",
         verdict(max(at_start) <= 12 * 1024)],
        ["More for each stored channel", "≤ 1 KiB", f"{max(e[2] for e in each) * 1024:,.0f} B",
         verdict(max(e[2] for e in each) <= 1)],
        ["Growth of memory under steady load", "none", f"{read_growth} KiB",
         verdict(read_growth <= 512)],
        [f"Cost at {number(bench.growth[1])} channels, of that at {number(bench.growth[0])} "
         f"(the worst: {worst[1]})", "≤ 1.3", f"{worst[0]:.2f}", verdict(worst[0] <= 1.3)]]
    return table(["target", "", "measured", ""], lines + more)


def rewrite(document, text):
    before, _, rest = document.read_text().partition(BEGIN)
    document.write_text(f"{before}{BEGIN}\n\n{text}{END}{rest.partition(END)[2]}")
