"""Everything that a troupe will hold, in memory: gathered scripts -> the text of every file. Writes nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from engine.adoption import naming, opening, sheets
from engine.adoption.calls import calls
from engine.adoption.cutting import cut
from engine.adoption.fountain import to_fountain
from engine.adoption.gather import Company, Gathered, labelled
from engine.adoption.portrait import Portrait, portraits
from engine.adoption.talk import Talk
from engine.adoption.ties import Bond, ties
from engine.corpus.turns import Script
from engine.screen.palette import assign
from engine.sheets.recipe import BaseRecipe, TuningRecipe

#: Tells a folder that this package made, and may replace, from one that it must not touch.
MARK = ".adopted.json"

#: Lines that training reads, over and over, for the show and all voices together: two cores read about 100 a second,
#: so that this is under two minutes. A small cast gets more epochs of it than a large one.
READ_IN_ALL = 10_000
FEWEST_EPOCHS, MOST_EPOCHS = 2, 8
RANK, BATCH, RATE = 24, 32, 2e-3

_LOWER = re.compile(r"(?<![^\W\d_])[^\W\d_A-ZÁÉÍÓÚÜÑ][^\W\d_]+")
_PLACE = re.compile(
    r"(?<!\w)(?:in|to|from|at|en|desde|hacia|hasta)\s+((?:(?:the|la|el|los|las)\s+)?[A-ZÁÉÍÓÚÑ][^\W\d_]{2,}(?:\s[A-ZÁÉÍÓÚÑ][^\W\d_]+)?)"
)
_HEADING = re.compile(r"(?:INT|EXT|EST|I/E)[. /EXINT]*\.?\s*([^-]{3,30}?)(?:\s+-.*)?\Z")
MOST_PLACES = 8
_HERE = {"en": "here", "es": "aquí"}


@dataclass(frozen=True)
class Design:
    """A troupe on paper. `files` are texts by their path in it; `portraits`, `bonds` and `nicknames` go by id."""

    gathered: Gathered
    company: Company
    scripts: tuple[Script, ...]
    portraits: Mapping[str, Portrait]
    bonds: Mapping[str, tuple[Bond, ...]]
    nicknames: Mapping[str, tuple[str, ...]]
    files: Mapping[str, str]
    recipe: TuningRecipe

    @property
    def names(self) -> dict[str, str]:
        """The names of all who have a sheet, by id."""
        return {self.company.ids[name]: name for name in self.company.sheets}

    @property
    def voices(self) -> list[str]:
        """The ids of all who get a voice of their own."""
        return [self.company.ids[name] for name in self.company.voices]

    @property
    def unsure(self) -> list[str]:
        """What a writer should look at."""
        doubtful = [
            self.names[who] for who, portrait in self.portraits.items() if not portrait.pronoun_sure and portrait.lines
        ]
        found = [*self.gathered.unsure, *self.gathered.merges.unsure]
        for who, words in self.nicknames.items():
            found.append(f"{self.names[who]} is called {', '.join(words)}: taken for a name of theirs")
        if doubtful:
            found.append(f"she, he or they? Left at `they` for {', '.join(doubtful)}")
        for source in self.gathered.sources:
            found += [f"{source.path.name}: {note}" for note in source.script.notes]
        return found


def design(gathered: Gathered, company: Company, base: BaseRecipe | None = None) -> Design:
    """The troupe of some scripts. `base` is the recipe of the base that its voices grow from."""
    language = gathered.language
    marked = [labelled(script, company.nobody) for script in gathered.scripts]
    scripts = cut(marked, [*company.voices, *([company.nobody] if company.whole else ())] or company.bits)
    scripts = tuple(_in_language(script, language) for script in scripts)
    ordinary: Counter[str] = Counter(
        word for script in scripts for turn in script.turns() for word in _LOWER.findall(turn.text)
    )
    names = {company.ids[name]: name for name in company.sheets}
    called = naming.aliases(company.sheets, gathered.labels, ordinary)
    aliases = {company.ids[name]: forms for name, forms in called.items()}
    nicknames = Talk(scripts, names, aliases, language).nicknames(ordinary)
    aliases = {who: (*forms, *nicknames.get(who, ())) for who, forms in aliases.items()}
    # Read again: with their nicknames known, more lines are told whom they are for.
    talk = Talk(scripts, names, aliases, language)
    found = portraits(talk)
    general, special = calls(talk)
    bonds = {
        who: tuple(replace(bond, calls=special.get((who, bond.to), general.get(bond.to, ""))) for bond in bonds)
        for who, bonds in ties(talk, {who: portrait.pronoun for who, portrait in found.items()}).items()
    }
    told = {naming.cue_name(name, language): text for script in gathered.scripts for name, text in script.about.items()}
    counts = Counter(turn.speaker for script in scripts for turn in script.turns())
    recipe = _recipe(counts, company)
    colours = assign(names, {})
    files: dict[str, str] = {}
    for who, name in names.items():
        whole = name == company.nobody
        about = told.get(name) or sheets.description(language, found[who], gathered.lines, names, whole)
        own = name in company.voices
        files[f"cast/{who}.yaml"] = sheets.cast_sheet(
            who,
            names,
            aliases[who],
            found[who],
            bonds[who],
            gathered.show,
            language,
            colours[who],
            about,
            own,
            general.get(who, ""),
        )
    files["cast/training.yaml"] = sheets.training_sheet(recipe, base_rows(base), _least_lines(counts, company))
    files["scenes/world.yaml"] = sheets.world_sheet(gathered.title, _places(scripts, talk, ordinary))
    people = opening.leads(talk, list(names), found)
    files["scenes/first.yaml"] = opening.first_scene(people, gathered.title, language)
    files["corpora/standards.yaml"] = sheets.STANDARDS
    files.update(_script_files(gathered, company, scripts))
    return Design(gathered, company, scripts, found, bonds, nicknames, files, recipe)


def _in_language(script: Script, language: str) -> Script:
    return Script(script.path, script.title, script.scenes, language, script.notes)


def _script_files(gathered: Gathered, company: Company, scripts: Sequence[Script]) -> dict[str, str]:
    """The scripts in Fountain, and each speaker's lines in a file of their own."""
    folder = f"corpora/{gathered.show}"
    files = {}
    width = len(str(len(scripts)))
    for number, (source, script) in enumerate(zip(gathered.sources, scripts, strict=True), 1):
        name = naming.slug(source.path.stem, "script").replace("_", "-")
        files[f"{folder}/{number:0{max(2, width)}}-{name}.fountain"] = to_fountain(script)
    lines: dict[str, list[str]] = {}
    for script in scripts:
        for turn in script.turns():
            lines.setdefault(company.ids[turn.speaker or company.nobody], []).append(turn.text)
    files.update({f"{folder}/speakers/{who}.txt": "\n".join(spoken) + "\n" for who, spoken in lines.items()})
    return files


def _least_lines(counts: Counter[str | None], company: Company) -> int:
    """The `least_lines` under which just the chosen have voices, as far as a number can say it."""
    if company.voices:
        return max(1, min(counts[name] for name in company.voices))
    return max(counts.values(), default=0) + 1


def _recipe(counts: Counter[str | None], company: Company) -> TuningRecipe:
    """One recipe for show and voices: the graphs of training are then built once. `counts` are each speaker's lines."""
    once = sum(counts.values()) + sum(counts[name] for name in company.voices)
    epochs = max(FEWEST_EPOCHS, min(MOST_EPOCHS, round(READ_IN_ALL / max(1, once))))
    return TuningRecipe(rank=RANK, epochs=epochs, patience=1, batch=BATCH, rate=RATE)


def base_rows(base: BaseRecipe | None) -> str:
    given = base.model_dump(exclude_defaults=True) if base else {}
    return "\n".join(["base:", *(f"  {name}: {value}" for name, value in given.items())]) if given else "base: {}"


def _places(scripts: Sequence[Script], talk: Talk, ordinary: Counter[str]) -> list[str]:
    """Places that a voice may name: those that people are in, go to or come from; else those of the headings."""
    counts: Counter[str] = Counter()
    for line in talk.lines:
        counts.update(place for place in _PLACE.findall(line.text))
    named = [
        place
        for place, count in counts.most_common(4 * MOST_PLACES)
        if count >= 3
        and not any(
            word.casefold() in talk.name_words or ordinary[word.casefold()] > count for word in place.split()[-1:]
        )
    ]
    if not named and talk.language == "en":
        found = Counter(
            match[1].strip().lower()
            for script in scripts
            for scene in script.scenes
            if (match := _HEADING.match(scene.heading))
        )
        named = [
            f"the {place}" for place, _ in found.most_common(MOST_PLACES) if not any(char.isdigit() for char in place)
        ]
    return named[:MOST_PLACES] or [_HERE[talk.language]]
