"""A voice as a job for somebody else: what it is made from goes out as bytes, and a weights file comes back.

What a voice depends on is what its digest names (`Plan.job_digest`): recipe, codes, sheets, and the scripts in which its
speakers have lines. With the base and the parent these are sent; the worker lays them out in a folder of its own, and the
weights are made there by the same function as here. What comes back is checked before it is kept.
"""

from __future__ import annotations

import json
import tempfile
import zlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.corpus.reading import read_script
from engine.errors import JobError, VoiceError
from engine.files import digest, write_bytes_somewhere
from engine.jobs import job as jobs
from engine.jobs.job import File
from engine.jobs.parcel import files_of, pack, unpack, write_below
from engine.learning.passages import Passage, names_by_language, passages_of
from engine.learning.plan import Job, Plan
from engine.sheets.names import Names
from engine.troupe import Troupe
from engine.voices.registry import BASE, TOKENIZER, Registry
from engine.voices.shapes import check_change

if TYPE_CHECKING:
    from engine.training.tuning import Tuner

FUNCTION = "engine.training.away:voice"
#: What is sent beside files of the troupe, which go by their paths in it: which voice for how many epochs, and all sheets.
ASKED, SHEETS = "asked.json", "sheets.zip"
#: What stands behind the path of a script that is sent.
PACKED = ".zlib"
#: Lines of a character in an excerpt of her scenes, about.
LINES_AN_EXCERPT = 4
#: Scripts whose passages a process keeps for its next voice.
SCRIPTS_KEPT = 200


class Luggage:
    """What the voices of a troupe are sent, each file read and hashed once."""

    def __init__(self, plan: Plan):
        self.plan = plan
        root = plan.troupe.root
        sheets = [*sorted((root / "cast").glob("*.yaml")), root / "scenes" / "world.yaml"]
        self._sheets = File(pack(files_of(root, sheets)))
        self._weights: dict[Path, File] = {}
        # Dialogue packs to a third, and of all that is sent it is the most.
        self._scripts = {
            script.path: File(zlib.compress(script.data)) for script in (*plan.raw, *plan.raw_continuations)
        }

    def job(self, job: Job) -> jobs.Job:
        """The job of one voice. Its size is in excerpts that it reads."""
        plan, lines = self.plan, sum(self.plan.lines[who] for who in job.speakers)
        asked = json.dumps({"name": job.name, "epochs": plan.epochs})
        files = {ASKED: File(asked.encode()), SHEETS: self._sheets}
        ground = plan.grounds.of(job.language).folder
        for name in dict.fromkeys([f"{BASE}.safetensors", TOKENIZER, f"{job.parent}.safetensors"]):
            path = ground / name
            if path not in self._weights:
                self._weights[path] = File(path.read_bytes())
            files[self._place(path)] = self._weights[path]
        for script in plan.learned_from(job):
            files[self._place(script.path) + PACKED] = self._scripts[script.path]
        size = job.recipe.epochs * min(job.recipe.excerpts, 1 + lines // LINES_AN_EXCERPT)
        return jobs.Job(job.name, FUNCTION, files, float(size))

    def _place(self, path: Path) -> str:
        return path.relative_to(self.plan.troupe.root).as_posix()


def keep(plan: Plan, job: Job, data: bytes) -> dict[str, Any]:
    """Write a weights file that came back, if it is the one that was asked for; returns its figures. Raises JobError."""
    registry = plan.grounds.of(job.language)
    with tempfile.TemporaryDirectory(prefix="telenovela-") as folder:
        (Path(folder) / f"{job.name}.safetensors").write_bytes(data)
        arrived = Registry(Path(folder))
        try:
            header = arrived.file(job.name)
            check_change(arrived.arrays(job.name), registry.arrays(BASE))
        except (VoiceError, ValueError) as error:
            raise JobError(f"{job.name}: what a worker made is no voice of this base: {error}") from error
    wanted = {
        "inputs": plan.job_digest(job),
        "vocabulary": registry.vocabulary.fingerprint,
        "grown_from": registry.file(header.parent if header.parent == BASE else job.parent).fingerprint,
    }
    if header.parent not in {job.parent, BASE} or any(header.metadata.get(key) != wanted[key] for key in wanted):
        raise JobError(f"{job.name}: what a worker made is not the voice that was asked for")
    write_bytes_somewhere(registry.folder / f"{job.name}.safetensors", data)
    registry.forget(job.name)
    return header.figures


def voice(files: Mapping[str, bytes]) -> bytes:
    """Make a weights file from what was sent. Runs in a process for jobs, which keeps what its next voice can use."""
    from engine.training.build import tune

    with tempfile.TemporaryDirectory(prefix="telenovela-") as folder:
        # Resolved: the temporary folder of some systems is a link.
        root = Path(folder).resolve()
        for name, data in files.items():
            if name.endswith(PACKED):
                write_below(root, name.removesuffix(PACKED), zlib.decompress(data))
            elif name not in {ASKED, SHEETS}:
                write_below(root, name, data)
        sheets = digest(files[SHEETS])
        asked = json.loads(files[ASKED])
        plan = Plan(_troupe(root, files[SHEETS], sheets), asked["epochs"])
        plan.passages = _passages(plan.troupe, sheets, plan.troupe.script_paths())
        plan.continuations = _passages(plan.troupe, sheets, plan.troupe.continuation_paths())
        job = plan.jobs[asked["name"]]
        tune(plan, job, _tuner(plan, job), lambda report: None)
        return (plan.grounds.of(job.language).folder / f"{job.name}.safetensors").read_bytes()


#: The last troupe, tuner and scripts, by what they were made from.
_troupes: dict[str, Troupe] = {}
_tuners: dict[tuple[str, str], Tuner] = {}
_read: OrderedDict[tuple[str, ...], list[Passage]] = OrderedDict()


def _troupe(root: Path, data: bytes, sheets: str) -> Troupe:
    """The troupe in a folder, with the sheets of a parcel; those that the voice before has read are not read again."""
    if sheets not in _troupes:
        unpack(data, root)
        _troupes.clear()
        _troupes[sheets] = Troupe(root)
    return _troupes[sheets].moved(root)


def _tuner(plan: Plan, job: Job) -> Tuner:
    """The tuner of the voice before, whose graphs are compiled, where base and recipe are the same."""
    from engine.training.build import tuner_for

    key = (plan.grounds.of(job.language).file(BASE).fingerprint, job.recipe.model_dump_json())
    if key not in _tuners:
        _tuners.clear()
        _tuners[key] = tuner_for(plan, job)
    return _tuners[key]


def _passages(troupe: Troupe, sheets: str, paths: Sequence[Path]) -> list[Passage]:
    """The passages of some scripts of a troupe; a script that the voice before has read is not read again."""
    names: dict[str, Names] = {}
    found = []
    for path in paths:
        key = (sheets, troupe.relative(path), digest(path.read_bytes()))
        if key not in _read:
            names = names or names_by_language(troupe)
            script = read_script(path, "fountain")
            _read[key] = passages_of(script, troupe, names.get(script.language, troupe.names))
        _read.move_to_end(key)
        found += _read[key]
    while len(_read) > SCRIPTS_KEPT:
        _read.popitem(last=False)
    return found
