"""An adoption as a job for somebody else: a script goes out as bytes, and a troupe with its voices comes back.

Many scripts become many troupes that know nothing of each other. A troupe says in its mark what it was made from, so that
a repeat leaves alone what is done.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import chain, count
from pathlib import Path

from engine import __version__
from engine.adoption import naming
from engine.adoption.belongings import origin_of
from engine.adoption.design import MARK, design
from engine.adoption.gather import cast, gather
from engine.adoption.ground import base_recipe
from engine.adoption.place import claimed
from engine.adoption.teach import pupils, teach
from engine.adoption.write import refuse, settle, write
from engine.errors import JobError, TroupeError
from engine.files import digest
from engine.jobs.crew import Crew
from engine.jobs.dispatch import Progress, run
from engine.jobs.job import File, Job
from engine.jobs.parcel import files_of, pack, unpack, write_below
from engine.learning.plan import Plan
from engine.sheets.recipe import LEAST_LINES
from engine.training.run import fit_turns
from engine.troupe import Troupe
from engine.voices.grounds import Grounds
from engine.voices.registry import BASE, DIRECTOR, LEXICON, TOKENIZER, TURNS

FUNCTION = "engine.adoption.away:troupe"
#: What is sent: how to adopt, what the voices stand on, and the script under its own name.
HOW, GROUND, SCRIPT = "how.json", "ground.zip", "script/"


@dataclass(frozen=True)
class How:
    """How scripts are adopted: as the options of `engine.adopt` of these names."""

    format: str | None = None
    language: str | None = None
    speakers: int | None = None
    keep_apart: tuple[str, ...] = ()
    min_lines: int = LEAST_LINES
    train: bool = True


@dataclass(frozen=True)
class Due:
    """One script, the folder that its troupe is to have, and what names that troupe by all that it is made from."""

    script: Path
    to: Path
    origin: str


class Adoptions:
    """Scripts that each become a troupe in `folder`, from the base of `source`. Raises VoiceError when it has none."""

    def __init__(self, scripts: Sequence[Path], folder: Path, how: How, source: Troupe):
        self.how = how
        self._ground = File(pack(_ground(source)))
        grounds = Grounds(source)
        grounds.shared.file(BASE)
        bases = [
            registry.file(name).fingerprint for registry in grounds.all.values() for name in (BASE, *registry.senses)
        ]
        asked = json.dumps(asdict(how))
        self.all: list[Due] = []
        used: set[str] = set()
        for script in dict.fromkeys(scripts):
            stem = naming.slug(script.stem, "script")
            names = chain([stem], (f"{stem}_{number}" for number in count(2)))
            name = next(name for name in names if name not in used)
            used.add(name)
            origin = digest(__version__, asked, *bases, script.name, name, _bytes(script))
            self.all.append(Due(script, folder / name, origin))

    def due(self, force: bool) -> list[Due]:
        """Those that are not done yet. Raises TroupeError for all at once that stand in the way of one."""
        found, faults = [], []
        for due in self.all:
            if _done(due):
                continue
            try:
                refuse(due.to, [due.script], force)
                found.append(due)
            except TroupeError as error:
                faults.append(str(error))
        if faults:
            raise TroupeError("\n".join(faults))
        return found

    def make(
        self, due: Sequence[Due], force: bool, crew: Crew, tell: Callable[[Progress], None], made: Callable[[Due], None]
    ) -> None:
        """Let a crew make these troupes, and put each in its place when it comes. Raises JobError where some failed."""
        jobs = {str(each.script): each for each in due}
        for job, data in run([self._job(each) for each in due], crew, tell):
            each = jobs[job.name]
            with claimed(each.to) as part:
                refuse(each.to, [each.script], force)
                unpack(data, part)
                if origin_of(part) != each.origin:
                    raise JobError(f"{each.script}: what a worker made is not the troupe that was asked for")
                settle(part, each.to)
            made(each)

    def _job(self, due: Due) -> Job:
        how = json.dumps({**asdict(self.how), "name": due.to.name, "origin": due.origin}).encode()
        data = _bytes(due.script)
        files = {HOW: File(how), GROUND: self._ground, SCRIPT + due.script.name: File(data)}
        return Job(str(due.script), FUNCTION, files, float(len(data)))


def troupe(files: Mapping[str, bytes]) -> bytes:
    """Make a troupe from what was sent. Runs in a process for jobs."""
    asked = json.loads(files[HOW])
    name, origin = asked.pop("name"), asked.pop("origin")
    how = How(**{**asked, "keep_apart": tuple(asked["keep_apart"])})
    with tempfile.TemporaryDirectory(prefix="telenovela-") as folder:
        root = Path(folder).resolve()
        unpack(files[GROUND], root / "ground")
        source, to = Troupe(root / "ground"), root / name
        scripts = [place for place in files if place.startswith(SCRIPT)]
        for place in scripts:
            write_below(root, place, files[place])
        gathered = gather([root / place for place in scripts], to, how.format, how.language, how.keep_apart)
        recipe = base_recipe(source, gathered.language)
        plan = design(gathered, cast(gathered, how.speakers, how.min_lines), recipe)
        made = write(plan, to, source, origin)
        if how.train:
            teach(made, pupils(plan))
            fit_turns(Plan(made))
        return pack(files_of(to, to.rglob("*")))


def _ground(source: Troupe) -> dict[str, bytes]:
    """What adopting needs of the troupe that the base comes from: what voices stand on in each language, and the names of its
    people."""
    root = source.root
    paths = [
        *sorted((root / "cast").glob("*.yaml")),
        root / "cast" / TURNS,
        root / "scenes" / "world.yaml",
        source.voices / f"{DIRECTOR}.safetensors",
        *(
            registry.folder / name
            for registry in Grounds(source).all.values()
            for name in (
                f"{BASE}.safetensors",
                *(f"{sense}.safetensors" for sense in registry.senses),
                TOKENIZER,
                LEXICON,
            )
        ),
    ]
    return files_of(root, paths)


def _done(due: Due) -> bool:
    """Whether this very troupe is there. It came whole, voices and all: what a writer has changed since is hers."""
    return (due.to / MARK).is_file() and origin_of(due.to) == due.origin


def _bytes(script: Path) -> bytes:
    """Raises TroupeError for a script that is not there: adopting one of many stops before it has begun."""
    try:
        return script.read_bytes()
    except OSError as error:
        raise TroupeError(f"{script}: {error.strerror}") from error
