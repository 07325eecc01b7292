"""Steps a second by several clients: by hand, ours, and the packages out of the box, in turns."""

import json
import statistics
from typing import Any

import psycopg

from tests.bench.server import Server, file

BOX = "bench_outofbox"
BOX_SETTINGS = "tests.bench.outofbox.settings"
MIGRATE = (
    "import tests; from django.core.management import call_command;"
    " call_command('migrate', verbosity=0); call_command('migrate', run_syncdb=True, verbosity=0)"
)
PARTS = {"byhand": "tests.bench.byhand", "ours": "tests.bench.ours",
         "outofbox": "tests.bench.outofbox.steps"}  # fmt: skip


def build_box(server: Server, cases: int) -> None:
    server.database(BOX, "template0")
    more = {"role": "fortur_owner", "DJANGO_SETTINGS_MODULE": BOX_SETTINGS}
    server.run(BOX, "-c", MIGRATE, **more)
    with server.superuser(BOX) as connection:
        text = (file("outofbox") / "fill.sql").read_text(encoding="utf-8")
        psycopg.ClientCursor(connection).execute(text.encode(), {"cases": cases})
        connection.execute("VACUUM ANALYZE")


def throughput(
    server: Server, database: str, clients: int, seconds: float, rounds: int
) -> dict[str, Any]:
    """Steps a second and processor time a step, medians of the rounds."""
    speeds: dict[str, list[float]] = {part: [] for part in PARTS}
    costs: dict[str, list[float]] = {part: [] for part in PARTS}
    for _ in range(rounds):
        for part in PARTS:
            steps, cpu = one_round(server, database, part, clients, seconds)
            speeds[part].append(steps / seconds)
            costs[part].append(cpu / max(1, steps) * 1000)
    figures: dict[str, Any] = {"clients": clients}
    for part in PARTS:
        figures[f"{part}_steps_s"] = statistics.median(speeds[part])
        figures[f"{part}_cpu_ms"] = statistics.median(costs[part])
    return figures


def one_round(
    server: Server, database: str, part: str, clients: int, seconds: float
) -> tuple[int, float]:
    name, more = database, {}
    if part == "outofbox":
        name, more = BOX, {"role": "fortur_owner", "DJANGO_SETTINGS_MODULE": BOX_SETTINGS}
    started = [
        server.start(
            name, "-m", PARTS[part],
            json.dumps({"share": share, "of": clients, "seconds": seconds}), **more,
        )
        for share in range(clients)
    ]  # fmt: skip
    for client in started:
        assert client.stdout
        if client.stdout.readline() != "ready\n":
            _, complaint = client.communicate()
            raise RuntimeError(f"{part} failed:\n{complaint}")
    for client in started:
        assert client.stdin
        client.stdin.write("go\n")
        client.stdin.flush()
    figures = [json.loads(client.communicate()[0]) for client in started]
    return sum(one["steps"] for one in figures), sum(one["cpu"] for one in figures)
