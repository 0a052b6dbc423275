"""How training scales over machines: the real dispatcher in simulated time, with measured costs. `python -m benchmarks.scale`

    python -m benchmarks.scale                       # 100, 1,000, 10,000 characters on 2, 16, 256 workers, and on more
    python -m benchmarks.scale --points              # naps as long as voices (a fiftieth), on real workers beside paper
    python -m benchmarks.scale --measure             # measure the costs again (a quarter of an hour); writes scale.json

Processor seconds of one thread, so that a busy machine measures as a free one does. What the columns mean, and what
follows: docs/scale.md.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import cycle, islice
from pathlib import Path

from rich.console import Console

from benchmarks.measuring import machine
from benchmarks.paper import UNIT, Costs, Paper
from engine.command import run as command
from engine.files import write_text
from engine.jobs.child import THREADS
from engine.jobs.crew import Crew, crew
from engine.jobs.dispatch import run
from engine.jobs.job import File, Job
from engine.learning.plan import Plan
from engine.training.away import Luggage, keep, voice
from engine.troupe import Troupe
from engine.voices.registry import BASE, TOKENIZER

KNOWN = Path(__file__).parent / "scale.json"
#: Characters of a show: they share its scripts.
SHOW = 12
#: Lines at which voices are measured: few, ordinary, many.
MEASURED = ("narrator", "tomas", "soraya")
#: How much shorter a nap is than the voice that it stands for.
NAP = 50.0


#: What no training can be faster than, each by itself.
BOUNDS = ("the work", "the network", "the coordinator", "the longest voice")


@dataclass(frozen=True)
class Outcome:
    """One simulated training: seconds from the first job to the last voice, and the seconds below which nothing could bring
    it: the work shared out evenly, the network, the coordinator, a first voice of the longest kind."""

    seconds: float
    worked: float
    out: int
    back: int
    lacks: int
    bounds: Mapping[str, float]

    @property
    def limit(self) -> str:
        return max(self.bounds, key=lambda name: self.bounds[name])


def simulated(costs: Costs, people: int, workers: int, link: float) -> Outcome:
    """Train so many characters on so many workers, on paper."""
    lengths = [seconds for _, seconds in islice(cycle(costs.voices), people)]
    paper = Paper(
        workers, link, costs, lambda function: lengths[int(function)],
        lambda name: costs.read * costs.scripts_raw / 1e6 if name == "scripts" else 0.0,
    )  # fmt: skip
    base = File(bytes(costs.base // UNIT))
    shows = [File(number.to_bytes(8) + bytes(costs.scripts // UNIT)) for number in range(-(-people // SHOW))]
    jobs = [
        Job(str(number), str(number), {"base": base, "scripts": shows[number // SHOW]}, length)
        for number, length in enumerate(lengths)
    ]
    paper.spend(costs.pack * people)
    for _ in run(jobs, paper.crew()):
        paper.spend(costs.keep)
    tally = paper.tally
    least = (tally.worked / workers, tally.network, tally.coordinator, costs.start + max(lengths))
    bounds = dict(zip(BOUNDS, least, strict=True))
    return Outcome(paper.now, tally.worked, tally.out, tally.back, tally.lacks, bounds)


HEADINGS = ("characters", "workers", "takes", "busy", *BOUNDS, "sent", "back", "lacks")


def row(costs: Costs, people: int, workers: int, link: float) -> tuple[str, ...]:
    """What came of one simulated training, under `HEADINGS`."""
    one = simulated(costs, people, workers, link)
    return (
        f"{people:,}", f"{workers:,}", duration(one.seconds), f"{one.worked / workers / one.seconds:.0%}",
        *(duration(one.bounds[name]) for name in BOUNDS),
        f"{one.out / 1e9:.2f} GB", f"{one.back / 1e9:.2f} GB", f"{one.lacks:,}",
    )  # fmt: skip


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table as Markdown, which docs/scale.md has as it is printed."""
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (headings, ["---:"] * len(headings), *rows))


def duration(seconds: float) -> str:
    return (
        f"{seconds / 3600:,.1f} h"
        if seconds >= 3600
        else f"{seconds / 60:.1f} min"
        if seconds >= 90
        else f"{seconds:.1f} s"
    )


# -- measured points ---------------------------------------------------------------------------------------------------


def nap(files: Mapping[str, bytes]) -> bytes:
    """A job that takes time and no processor: real workers can be many more than cores."""
    time.sleep(float(files["seconds"]))
    return bytes(len(files["base"]) // 20)


def points(costs: Costs, hands: Sequence[int], naps: int) -> Iterator[tuple[str, ...]]:
    """Naps on real workers beside the same on paper: workers, their kind, seconds on paper and measured, and their ratio."""
    lengths = [seconds / NAP for _, seconds in islice(cycle(costs.voices), naps)]
    base = File(os.urandom(costs.base))
    jobs = [
        Job(str(number), "benchmarks.scale:nap", {"seconds": File(str(length).encode()), "base": base}, length)
        for number, length in enumerate(lengths)
    ]
    for many in hands:
        for kind, gathered in (("processes here", partial(crew, workers=many)), ("dask", partial(_cluster, many))):
            with gathered() as others:
                assert others is not None
                start = _warm(others, many)
                began = time.monotonic()
                assert sum(1 for _ in run(jobs, others)) == naps
                took = time.monotonic() - began
            light = replace(costs, start=0.0, keep=0.0, pack=0.0, back=costs.base // 20)
            paper = Paper(many, 1e9, light, lambda function: lengths[int(function)])
            renamed = [Job(job.name, job.name, {"base": File(bytes(costs.base // UNIT))}, job.size) for job in jobs]
            for _ in run(renamed, paper.crew()):
                pass
            Console(stderr=True).print(f"{many} {kind}: children ready after {start:.1f} s")
            yield str(many), kind, f"{paper.now:.1f} s", f"{took:.1f} s", f"{took / paper.now:.2f}"


def _warm(others: Crew, hands: int) -> float:
    """Have all children started, so that naps alone are timed; returns the seconds that it took."""
    began = time.monotonic()
    files = {"seconds": File(b"3"), "base": File(b"")}
    list(run([Job(f"warm {number}", "benchmarks.scale:nap", files) for number in range(hands)], others))
    return time.monotonic() - began


@contextmanager
def _cluster(hands: int) -> Iterator[Crew | None]:
    """A dask cluster here: two workers, that share the hands."""
    import distributed

    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=max(1, hands // 2), dashboard_address="127.0.0.1:0", silence_logs="CRITICAL"
        ) as found,
        crew(found.scheduler_address) as others,
    ):
        yield others


# -- costs -------------------------------------------------------------------------------------------------------------


def measure(troupe: Troupe, tell: Callable[[str], None]) -> Costs:
    """What things cost on this machine, with the voices of a troupe."""
    # Before TensorFlow is imported: a hand has one thread.
    os.environ.update(dict.fromkeys(THREADS, "1"))
    plan = Plan(troupe)
    luggage, took = Luggage(plan), {}
    jobs = {}
    for name in MEASURED:
        began = time.process_time()
        jobs[name] = luggage.job(plan.jobs[name])
        _ = [file.digest for file in jobs[name].files.values()]
        took[name] = time.process_time() - began
    trained, kept = {}, []
    # The first is trained twice: what the first time takes longer is the start of a child.
    for name in (MEASURED[0], *MEASURED):
        tell(f"training {name}")
        began = time.process_time()
        data = voice({place: file.data for place, file in jobs[name].files.items()})
        trained.setdefault(name, []).append(time.process_time() - began)
        kept.append(_kept(plan, name, data))
    tell("reading scripts")
    raw = sum(len(script.data) for script in plan.raw)
    began = time.process_time()
    _ = plan.passages
    read = (time.process_time() - began) / (raw / 1e6)
    sizes = {place: len(file.data) for place, file in jobs[MEASURED[1]].files.items()}
    scripts = sum(size for place, size in sizes.items() if place.startswith("corpora/"))
    parsed = {name: sum(len(script.data) for script in plan.raw if script.lines[name]) for name in MEASURED}
    tell("jobs through dask")
    hand_out, copy = _through()
    first, again = trained[MEASURED[0]]
    lines = {name: sum(plan.lines[who] for who in plan.jobs[name].speakers) for name in MEASURED}
    return Costs(
        start=round(max(0.0, first - again - read * parsed[MEASURED[0]] / 1e6), 2),
        voices=[(lines[name], round(trained[name][-1], 2)) for name in MEASURED],
        read=round(read, 3),
        base=sum(sizes.values()) - scripts,
        scripts=scripts,
        scripts_raw=parsed[MEASURED[1]],
        back=len(data),
        hand_out=round(hand_out, 5),
        copy=round(copy, 5),
        keep=round(statistics.median(kept), 4),
        pack=round(statistics.median(took.values()), 5),
    )


def _kept(plan: Plan, name: str, data: bytes) -> float:
    """Seconds for checking and writing a voice as it is kept, in another folder than the troupe's."""
    with tempfile.TemporaryDirectory() as folder:
        other = plan.troupe.moved(Path(folder))
        other.voices.mkdir(parents=True)
        other.scripts_folder.symlink_to(plan.troupe.scripts_folder)
        for each in (f"{BASE}.safetensors", TOKENIZER):
            shutil.copy(plan.troupe.voices / each, other.voices)
        copied = Plan(other)
        # Read once for all voices, and not by the one that is timed.
        _ = copied.raw, copied.grounds.shared.vocabulary, copied.grounds.shared.arrays(BASE)
        began = time.process_time()
        keep(copied, copied.jobs[name], data)
        return time.process_time() - began


def _through() -> tuple[float, float]:
    """Seconds of the coordinator for a job that does nothing, and for a megabyte that goes with one."""
    found = []
    for size in (1, 8_000_000):
        jobs = [Job(str(number), "benchmarks.scale:nap", {"seconds": File(b"0"), "base": File(os.urandom(size))})
                for number in range(40)]  # fmt: skip
        with _cluster(2) as others:
            assert others is not None
            _warm(others, 2)
            began = time.process_time()
            list(run(jobs, others))
            found.append((time.process_time() - began) / len(jobs))
    return found[0], max(0.0, found[1] - found[0]) / 8.0


def costs_known() -> Costs:
    return Costs(**json.loads(KNOWN.read_text(encoding="utf-8"))["costs"])


def main(arguments: Sequence[str] | None = None) -> int:
    options = argparse.ArgumentParser(
        prog="python -m benchmarks.scale", description="How training scales over machines."
    )
    options.add_argument("--people", default="100,1000,10000", metavar="N,N", help="characters (100,1000,10000)")
    options.add_argument("--workers", default="2,16,256", metavar="N,N", help="workers (2,16,256)")
    options.add_argument(
        "--beyond",
        default="1024,2048,4096",
        metavar="N,N",
        help="workers of the last rows, for the most characters (1024,2048,4096)",
    )
    options.add_argument("--link", type=float, default=125.0, metavar="MB/S", help="the network (125: 1 Gbit/s)")
    options.add_argument("--measure", action="store_true", help="measure the costs anew and write scale.json")
    options.add_argument("--points", action="store_true", help="naps on real workers beside paper")
    options.add_argument("--naps", type=int, default=64, metavar="N", help="how many (64)")
    options.add_argument("--hands", default="2,16", metavar="N,N", help="on so many workers (2,16)")
    given = options.parse_args(arguments)

    def numbers(text: str) -> list[int]:
        return [int(number) for number in text.split(",")]

    def body() -> int:
        if given.measure:
            costs = measure(Troupe.around(Path()), Console(stderr=True).print)
            data = {"machine": machine(), "costs": asdict(costs)}
            write_text(KNOWN, json.dumps(data, indent=1) + "\n")
        costs = costs_known()
        if given.points:
            headings = ("workers", "kind", "on paper", "measured", "ratio")
            print(table(headings, points(costs, numbers(given.hands), given.naps)))
            print(f"\n{given.naps} naps, each a voice's time by {NAP:g}; {machine()}")
            return 0
        link = given.link * 1e6
        wanted = [(people, workers) for people in numbers(given.people) for workers in numbers(given.workers)]
        wanted += [(numbers(given.people)[-1], workers) for workers in numbers(given.beyond)]
        print(table(HEADINGS, (row(costs, people, workers, link) for people, workers in wanted)))
        return 0

    return command(body)


if __name__ == "__main__":
    raise SystemExit(main())
