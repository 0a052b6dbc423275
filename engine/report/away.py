"""A season as a job for somebody else: sheets and a seed go out as bytes, and what was counted comes back.

Played by understudies, who need no voices: what is judged is the story.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from engine.errors import JobError
from engine.files import digest
from engine.jobs.crew import Crew
from engine.jobs.dispatch import Progress, run
from engine.jobs.job import File, Job
from engine.jobs.parcel import files_of, pack, unpack
from engine.meter import Meter
from engine.report.seasons import Company, Tally, tables
from engine.report.table import Table
from engine.troupe import Troupe
from engine.voices.registry import TURNS

FUNCTION = "engine.report.away:season"
#: What is sent: all sheets of the troupe, the path of the season's in it, and a seed.
SHEETS, SEASON, SEED = "sheets.zip", "season", "seed"


def seasons(season_path: Path, seeds: Sequence[int], crew: Crew, meter: Meter | None = None) -> list[Table]:
    """The tables of `engine.report.seasons.run`, played by a crew. Raises JobError, AuthoredError for faulty sheets."""
    troupe = Troupe.around(season_path)
    # Faults are told here, at once and with the paths of this machine.
    Company(troupe, season_path.resolve())
    root = troupe.root
    sheets = [*(root / "cast").glob("*.yaml"), root / "cast" / TURNS, *(root / "scenes").rglob("*.yaml")]
    parcel = File(pack(files_of(root, sheets)))
    name = File(season_path.resolve().relative_to(root).as_posix().encode())
    jobs = [
        Job(f"season with seed {seed}", FUNCTION, {SHEETS: parcel, SEASON: name, SEED: File(str(seed).encode())})
        for seed in seeds
    ]
    meter = meter or Meter()
    meter.expect(len(jobs))

    def tell(progress: Progress) -> None:
        meter.at(f"playing seasons: {progress}")
        meter.advance(progress.done - meter.done)

    found = {job.name: data for job, data in run(jobs, crew, tell)}
    tally = Tally()
    # In the order of the seeds, whoever was done first: the same tables to the byte.
    for job in jobs:
        tally.add(_tally(found[job.name]))
    return tables(tally)


def season(files: Mapping[str, bytes]) -> bytes:
    """Play one season from what was sent. Runs in a process for jobs, which keeps the sheets for its next season."""
    company = _company(files[SHEETS], files[SEASON].decode())
    return _data(company.season(int(files[SEED])))


#: The last company, by its sheets, and the folder in which they lie.
_companies: dict[str, tuple[Company, tempfile.TemporaryDirectory[str]]] = {}


def _company(sheets: bytes, name: str) -> Company:
    key = digest(sheets, name)
    if key not in _companies:
        _companies.clear()
        folder = tempfile.TemporaryDirectory(prefix="telenovela-")
        root = Path(folder.name).resolve()
        unpack(sheets, root)
        _companies[key] = (Company(Troupe(root), root / name), folder)
    return _companies[key][0]


def _data(tally: Tally) -> bytes:
    """A tally as JSON, from which `_tally` makes the same one."""
    counted = {"seasons": tally.seasons, "ended": tally.ended, "untied": tally.untied}
    return json.dumps(
        {**counted, "faults": tally.faults, "lines": dict(tally.lines), "tension": tally.tension}
    ).encode()


def _tally(data: bytes) -> Tally:
    """Raises JobError for what is no tally."""
    try:
        found = json.loads(data)
        return Tally(
            int(found["seasons"]),
            int(found["ended"]),
            int(found["untied"]),
            {str(kind): [str(each) for each in sentences] for kind, sentences in found["faults"].items()},
            Counter({str(who): int(count) for who, count in found["lines"].items()}),
            [[(float(wanted), float(reached)) for wanted, reached in part] for part in found["tension"]],
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise JobError(f"what a worker counted cannot be read ({error!r})") from error
