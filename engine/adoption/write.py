"""A design -> the folder of a troupe, with a copy of a base. `engine.adoption.place` puts it where it belongs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from engine.adoption.belongings import belongings, carry, listed
from engine.adoption.design import MARK, Design
from engine.adoption.ground import lay
from engine.adoption.place import claimed, put
from engine.checks.schemas import write_schemas
from engine.checks.sheets import sheet_faults
from engine.errors import AuthoredError, TroupeError
from engine.files import NotWritten, write_text
from engine.sheets.authored import load
from engine.sheets.scenario import Scenario
from engine.speech.lexicon import Lexicon
from engine.story.playable import scene_faults
from engine.text import short
from engine.troupe import FOLDERS, Troupe
from engine.voices.registry import BASE, Registry, show_voice
from engine.voices.weights import write_weights


def refuse(to: Path, scripts: Sequence[Path], force: bool) -> None:
    """Raises TroupeError where a troupe must not be written: on anything that would be lost; NotWritten where none can be."""
    try:
        there = to.exists()
    except OSError as error:
        raise NotWritten.of(error, to) from error
    if not there:
        if to.is_symlink():
            raise TroupeError(f"{to}: a link to nothing; name another folder")
        return
    if not to.is_dir():
        raise TroupeError(f"{to}: there is a file of this name; name another folder")
    if not any(to.iterdir()):
        return
    if not (to / MARK).is_file():
        kind = "a troupe" if all((to / name).is_dir() for name in FOLDERS) else "a folder with files in it"
        raise TroupeError(f"{to}: {kind} that engine.adopt did not make; it is left as it is (name another folder)")
    inside = [path for path in scripts if path.resolve().is_relative_to(to.resolve())]
    if inside:
        raise TroupeError(f"{inside[0]}: lies in {to}, which would be replaced; move the script out of it")
    if not force:
        edited = belongings(to).edited
        lost = f", and what was changed since: {short(edited)}" if edited else ""
        raise TroupeError(
            f"{to}: there is a troupe already; --force replaces it, sheets, scenes and voices and all{lost}"
        )


def write(design: Design, to: Path, source: Troupe, origin: str = "") -> Troupe:
    """Write the troupe with a copy of the base of `source`; an adopted one that is there already gives way.

    Raises VoiceError when there is no base to copy, NotWritten when the place cannot be written.
    """
    with claimed(to) as part:
        return write_at(part, design, to, source, origin)[0]


def write_at(part: Path, design: Design, to: Path, source: Troupe, origin: str = "") -> tuple[Troupe, list[str]]:
    """Write the troupe into a claimed folder, and put it into its place; files of others that lie there move with it.

    Returns the troupe, and those files that had to give up their names, as they are called now. Raises as `write` does.
    """
    try:
        for name, text in design.files.items():
            path = part / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        (part / "README.md").write_text(readme(design, to.name), encoding="utf-8", newline="\n")
        write_schemas(part)
        _copy_base(design, source, Troupe(part))
        _check(Troupe(part))
        write_text(part / MARK, listed(part, origin))
    except OSError as error:
        raise NotWritten.of(error, to) from error
    return Troupe(to.resolve()), settle(part, to)


def settle(part: Path, to: Path) -> list[str]:
    """Put a finished troupe from a claimed folder into its place, with the files of others that lie there.

    Returns those files that had to give up their names, as they are called now. Raises NotWritten.
    """
    old = to.resolve()
    try:
        moved = carry(belongings(old).foreign, old, part) if (old / MARK).is_file() else []
        put(part, to)
    except OSError as error:
        raise NotWritten.of(error, to) from error
    return moved


def _copy_base(design: Design, source: Troupe, troupe: Troupe) -> None:
    """What the voices grow from; and a show's voice that is as yet the base's."""
    own = Lexicon.of((turn.text for script in design.scripts for turn in script.turns()), least=1)
    lay(source, troupe, design.gathered.language, own)
    registry = Registry(troupe.voices)
    # Until it is trained the show speaks with the base: a troupe plays from the first minute. It counts as stale.
    header = {
        "parent": BASE,
        "grown_from": registry.file(BASE).fingerprint,
        "vocabulary": registry.vocabulary.fingerprint,
        "inputs": "",
        "figures": "{}",
    }
    name = show_voice(design.gathered.show, design.gathered.language)
    bias = {"bias": np.zeros(len(registry.vocabulary), np.float32)}
    write_weights(troupe.voices / f"{name}.safetensors", bias, header, precious=False)


def _check(troupe: Troupe) -> None:
    """Load everything as play will. What is wrong here is a fault of this package: better now than on stage."""
    _ = troupe.world, troupe.recipe
    faults = [*sheet_faults(troupe), *scene_faults(load(troupe.root / "scenes" / "first.yaml", Scenario), troupe)]
    if faults:
        raise AuthoredError(faults)


def readme(design: Design, folder: str) -> str:
    """The README of a troupe."""
    gathered, company = design.gathered, design.company
    rows = [
        f"# {gathered.title}",
        "",
        "A troupe made by `python -m engine.adopt` out of the scripts below. Play it:",
        "",
        f"    python -m engine.scene {folder}/scenes/first.yaml",
        "",
        "| folder | what is in it |",
        "|---|---|",
        "| `cast/` | a sheet for each character, to be changed by a writer; `cast/voices/` their trained voices |",
        f"| `corpora/{gathered.show}/` | the scripts in Fountain, cut into scenes; `speakers/` the lines of each speaker |",
        "| `scenes/` | `first.yaml`, a first scene to change; `world.yaml`, what is true in all of them |",
        "",
        f"After a change: `python -m engine.check {folder}`; after a change of scripts: `python -m engine.train --troupe {folder}`.",
        "",
        "## Scripts and licence",
        "",
        "**The text is whoever's it was.** Adopting a script gives nobody rights to it, nor to voices that have learned from",
        "it: before you pass this folder on, ask the owner, and write the licence here.",
        "",
        "| file | read as | lines |",
        "|---|---|---|",
        *(f"| {source.path.name} | {source.format} | {sum(source.counts.values()):,} |" for source in gathered.sources),
        "",
        "## Who is who",
        "",
        f"With voices of their own: {', '.join(company.voices) or 'nobody'}.",
        f"With the voice of the show: {', '.join(filter(None, [*company.bits, company.second])) or 'nobody'}.",
        *([f"Without a sheet: {', '.join(company.rest)}."] if company.rest else []),
    ]
    if gathered.unowned:
        rows += [
            "",
            f"{gathered.unowned:,} of {gathered.lines:,} lines name no speaker; they stand under the cue {company.nobody}.",
        ]
    if gathered.merges.sentences:
        rows += ["", "Names that were taken for one:", "", *(f"- {sentence}" for sentence in gathered.merges.sentences)]
    return "\n".join(rows) + "\n"
