"""Script files -> one set of scripts with one name a person, and who of them gets a voice. Writes nothing."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from engine import codes
from engine.adoption import naming
from engine.corpus.languages import LANGUAGES, language_in
from engine.corpus.reading import read_file
from engine.corpus.speakers import Merges, merge_scripts
from engine.corpus.text import sayable
from engine.corpus.turns import Scene, Script, Turn
from engine.errors import ScriptError
from engine.meter import Meter
from engine.sheets.recipe import LEAST_LINES
from engine.text import short

#: Fewer lines than this teach a network nothing that one could hear: each voice needs `LEAST_LINES`, and a scene two.
FEW_LINES = 4 * LEAST_LINES
#: No more voices than this, unless `--voices` says otherwise: each takes its time to train.
MOST_VOICES = 12
#: A part this small has no sheet, and there are no more sheets of bit parts than this.
LEAST_BIT, MOST_BITS = 3, 40
#: The whole show gets a voice on stage when nobody owns so large a share of its lines, and so many of them.
UNOWNED_SHARE, UNOWNED_LINES = 0.25, 20

#: Why formats leave lines without an owner.
WHY_UNOWNED = {
    "captions": "captions name a speaker only where the picture does not show who speaks",
    "other": "these lines stand without a speaker's name",
}
_CAPTIONS = frozenset(["srt", "webvtt", "ttml", "sami", "sbv", "ass", "microdvd", "scc", "stl"])


@dataclass(frozen=True)
class Source:
    """One file: the format it was read in, and its script with one name a person."""

    path: Path
    format: str
    script: Script

    @cached_property
    def counts(self) -> Counter[str | None]:
        """Lines by speaker; None for those that nobody owns."""
        return Counter(turn.speaker for turn in self.script.turns())

    @property
    def words(self) -> int:
        return sum(len(turn.text.split()) for turn in self.script.turns())

    @property
    def why_unowned(self) -> str:
        return WHY_UNOWNED["captions" if self.format in _CAPTIONS else "other"]


@dataclass(frozen=True)
class Gathered:
    """All that was read. `skipped` are files without dialogue, each with the reason."""

    title: str
    show: str
    language: str
    sources: tuple[Source, ...]
    merges: Merges
    labels: Mapping[str, tuple[str, ...]]
    skipped: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()

    @property
    def scripts(self) -> tuple[Script, ...]:
        return tuple(source.script for source in self.sources)

    @cached_property
    def counts(self) -> Counter[str | None]:
        """Lines by speaker over all files, the most first; None for those that nobody owns."""
        total: Counter[str | None] = Counter()
        for source in self.sources:
            total += source.counts
        return Counter(dict(sorted(total.items(), key=lambda item: (-item[1], item[0] or ""))))

    @property
    def lines(self) -> int:
        return sum(self.counts.values())

    @property
    def unowned(self) -> int:
        return self.counts[None]


@dataclass(frozen=True)
class Company:
    """Who is who in the troupe, by name: `voices` get one of their own, `bits` share the show's, `rest` have no sheet.
    Everybody has an id.

    `nobody` is the name that unowned lines are written under; it has a sheet if `whole` is true. `second` is the name
    of a partner for somebody who would be alone in the troupe, or empty.
    """

    voices: tuple[str, ...]
    bits: tuple[str, ...]
    rest: tuple[str, ...]
    nobody: str
    whole: bool = False
    second: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)
    #: Those who have lines enough for a voice and get none, because there are so many.
    crowded: tuple[str, ...] = ()

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of all who have a sheet, the largest parts first."""
        return (*self.voices, *self.bits, *filter(None, [self.second]))


def gather(
    paths: Sequence[Path],
    to: Path | None = None,
    format: str | None = None,
    language: str | None = None,
    apart: Sequence[str] = (),
    meter: Meter | None = None,
) -> Gathered:
    """Read and merge; labels in `apart` are merged with no other. `meter` hears of each file that is read.

    Raises ScriptError when a file is not there, or when no file holds dialogue.
    """
    paths = list(dict.fromkeys(paths))
    absent = [path for path in paths if not path.is_file()]
    if absent:
        raise ScriptError(
            "\n".join(
                f"{path}: {'a folder; give the files in it' if path.is_dir() else 'no such file'}" for path in absent
            )
        )
    scripts: list[tuple[Path, str, Script]] = []
    refused: list[str] = []
    for path in (meter or Meter()).over("reading the scripts", paths):
        try:
            reading = read_file(path, format)
            scripts.append((path, reading.name, reading.script))
        except ScriptError as error:
            refused.append(str(error))
    if not scripts:
        raise ScriptError("\n\n".join(refused))
    foreign = _foreign([script for _, _, script in scripts])
    spoken = language or (codes.LANGUAGES[0] if foreign else _language([script for _, _, script in scripts]))
    unsure = [_unknown_language(foreign, spoken)] if foreign else []
    others = [path.name for path, _, script in scripts if script.language != spoken]
    if others and language is None and not foreign:
        unsure.append(f"taken for {spoken}, though {short(others, 5)} looks like another language (--language insists)")
    merges = merge_scripts((script for _, _, script in scripts), apart)
    named = _Names(merges, spoken)
    sources = tuple(Source(path, name, named.script(script)) for path, name, script in scripts)
    if named.lost:
        unsure.append(f"labels that are no name, their lines left without an owner: {short(sorted(named.lost), 5)}")
    first = sources[0].script
    title = first.title if len(sources) == 1 else (to or sources[0].path.resolve().parent).resolve().name
    if title in {source.path.stem for source in sources} or len(sources) > 1:
        title = naming.title_of(title)
    title = naming.cue_name(title, spoken) or "Show"
    skipped = tuple(text.split("\n")[0] for text in refused)
    return Gathered(title, naming.slug(title, "show"), spoken, sources, merges, named.labels, skipped, tuple(unsure))


def cast(gathered: Gathered, speakers: int | None = None, least: int | None = None) -> Company:
    """Who gets a voice: the `speakers` largest parts (None: at most `MOST_VOICES`) of at least `least` lines.

    Those who have as many lines and get none are named in `Company.crowded`.
    """
    least = LEAST_LINES if least is None else least
    nobody = naming.NOBODY[gathered.language].format(gathered.title)
    people = [(name, lines) for name, lines in gathered.counts.items() if name is not None]
    unowned = gathered.unowned
    whole = unowned >= max(UNOWNED_LINES, UNOWNED_SHARE * gathered.lines) or not people
    if whole:
        people.append((nobody, unowned))
        people.sort(key=lambda item: -item[1])
    # The show's own voice is trained on all its lines anyway: the sheet for unowned ones needs no second voice.
    able = [name for name, lines in people if lines >= least and name != nobody]
    voices = able[: MOST_VOICES if speakers is None else speakers]
    small = [(name, lines) for name, lines in people if name not in voices]
    bits = [name for name, lines in small if lines >= LEAST_BIT or name == nobody][:MOST_BITS]
    if not voices and not bits:
        bits = [name for name, _ in small[:MOST_BITS]]
    if len(voices) + len(bits) == 1 and len(small) > len(bits):
        bits += [name for name, _ in small if name not in bits][:1]
    second = naming.SECOND[gathered.language].format(gathered.title) if len(voices) + len(bits) == 1 else ""
    rest = tuple(name for name, _ in small if name not in bits)
    ids = naming.ids([name for name in (*voices, *bits, second, *rest) if name])
    others = [found for name, found in ids.items() if name != nobody]
    ids[nobody] = naming.free_id(gathered.show, others)
    return Company(tuple(voices), tuple(bits), rest, nobody, whole, second, ids, tuple(able[len(voices) :]))


def labelled(script: Script, nobody: str) -> Script:
    """The script with every line under a name: unowned ones under `nobody`."""
    return _mapped(script, lambda turn: turn if turn.speaker else replace(turn, speaker=nobody))


class _Names:
    """Puts canonical names into scripts, and keeps what each was labelled."""

    def __init__(self, merges: Merges, language: str):
        self._merges, self._language = merges, language
        self._known: dict[str, str] = {}
        self._found: dict[str, dict[str, None]] = {}
        self.lost: set[str] = set()

    @property
    def labels(self) -> dict[str, tuple[str, ...]]:
        return {name: tuple(found) for name, found in self._found.items()}

    def script(self, script: Script) -> Script:
        return _mapped(script, self._turn)

    def _turn(self, turn: Turn) -> Turn | None:
        if not sayable(turn.text):
            return None
        speaker = self._name(turn.speaker) if turn.speaker is not None else None
        addressee = naming.cue_name(self._merges.name(turn.addressee), self._language) if turn.addressee else None
        tone = turn.tone if turn.tone in codes.TONES else None
        return replace(turn, speaker=speaker, addressee=addressee or None, tone=tone)

    def _name(self, label: str) -> str | None:
        if label not in self._known:
            name = naming.cue_name(self._merges.name(label), self._language)
            self._known[label] = name
            if not name:
                self.lost.add(label)
            else:
                shown = naming.cue_name(label, self._language)
                if shown:
                    self._found.setdefault(name, {}).setdefault(shown)
        return self._known[label] or None


def _mapped(script: Script, change: Callable[[Turn], Turn | None]) -> Script:
    scenes = []
    for scene in script.scenes:
        turns = tuple(turn for turn in map(change, scene.turns) if turn is not None)
        if turns:
            scenes.append(Scene(scene.heading, turns, scene.arc if scene.arc in codes.ARCS else None, scene.line))
    return replace(script, scenes=tuple(scenes))


def _foreign(scripts: Sequence[Script]) -> str:
    """The name of the language of most scripts, if no base knows it; else ""."""
    found: Counter[str] = Counter()
    for script in scripts:
        sample = " ".join(turn.text for turn in itertools.islice(script.turns(), 600))
        found[language_in(sample)] += 1
    code = found.most_common(1)[0][0]
    return LANGUAGES.get(code, "") if code not in codes.LANGUAGES else ""


def _unknown_language(foreign: str, spoken: str) -> str:
    known = " and ".join(LANGUAGES[code] for code in codes.LANGUAGES)
    return (
        f"the scripts are in {foreign}, and the base knows {known} only: the cast is sorted and the sheets are written, but "
        f"voices would grow from a base that has never read {foreign}, and what they say would be no {foreign}; "
        f"train a base on text in {foreign} (engine.train --base) and adopt with --base DIR, or go on in {LANGUAGES[spoken]} with a translation"
    )


def _language(scripts: Iterable[Script]) -> str:
    """The language of most lines, of those that a base knows."""
    lines: Counter[str] = Counter()
    for script in scripts:
        lines[script.language if script.language in codes.LANGUAGES else codes.LANGUAGES[0]] += sum(
            1 for _ in script.turns()
        )
    return max(codes.LANGUAGES, key=lambda language: lines[language])
