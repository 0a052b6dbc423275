"""Every pattern of the engine, against repeats made around it by machine: twice the text may take twice the time.

A pattern is parsed; what each of its parts matches is sampled, and repeated, with what stands before that part in front
and something that spoils the match behind. Patterns are tried in the way the engine uses them: one that is only ever
matched from a beginning need not be linear when it is searched for. Slow; `python -m tests.test_linear` prints figures.
"""

from __future__ import annotations

import ast
import importlib
import itertools
import pkgutil
import random
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

import engine
from tests.conftest import ROOT
from tests.growth import MOST_DOUBLED, growth, seconds

#: Characters of the shorter text, and the growth that is allowed for four times of it. Linear is 4; square 16.
SIZE, TIMES, MOST = 4_000, 4, MOST_DOUBLED**2
#: Patterns whose callers give them no more than so many characters: there they may take this many seconds.
BOUNDED = {f"engine.corpus.chat.{name}": 160 for name in ("DATED", "STAMPED", "_NAME_THEN_TIME", "_TIME_THEN_NAME")}
MOMENT = 0.02
_SEARCHES = {"search", "sub", "subn", "finditer", "findall", "split"}
_METHODS = _SEARCHES | {"match", "fullmatch"}


@dataclass(frozen=True)
class Used:
    """A pattern, where it is, and by which of its methods the engine uses it."""

    place: str
    pattern: re.Pattern[Any]
    ways: frozenset[str]


def methods(path: str) -> dict[str, set[str]]:
    """For each name in a module, the methods of a pattern that it is used with anywhere in the engine."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(ast.parse(path)):
        if isinstance(node, ast.Attribute):
            owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            if node.attr in _METHODS:
                found.setdefault(owner, set()).add(node.attr)
            elif node.attr == "pattern":
                found.setdefault(owner, set()).add("search")
    return found


def literals(source: str, place: str) -> Iterator[Used]:
    """Patterns that are written out where they are used: `re.sub(r"...", ...)`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            owner, first = getattr(node.func.value, "id", ""), node.args[0]
            if owner == "re" and node.func.attr in _METHODS and isinstance(first, ast.Constant):
                yield Used(f"{place}:{node.lineno}", re.compile(first.value), frozenset([node.func.attr]))


def patterns() -> list[Used]:
    """Every compiled pattern of every module, alone or in a collection, and every one written out in a call."""
    found: dict[tuple[Any, ...], Used] = {}
    sources = {path: path.read_text(encoding="utf-8") for path in sorted((ROOT / "engine").rglob("*.py"))}
    for module in pkgutil.walk_packages(engine.__path__, "engine."):
        if module.name.startswith("engine.training"):
            continue
        loaded = importlib.import_module(module.name)
        source = sources.get(ROOT.joinpath(*module.name.split(".")).with_suffix(".py"), "")
        uses = methods(source)
        for name, value in vars(loaded).items():
            for number, pattern in enumerate(held(value)):
                # One in a collection, or handed on, may be used in any way.
                direct = isinstance(value, re.Pattern)
                ways = uses.get(name, set() if name not in source else {"search"}) if direct else {"search"}
                key, place = (pattern.pattern, pattern.flags), f"{module.name}.{name}[{number}]"
                # Imported patterns are the same objects: what each module does with them is put together.
                known = found[key].ways if key in found else frozenset()
                found[key] = Used(found[key].place if known else place, pattern, known | frozenset(ways))
    for path, source in sources.items():
        for used in literals(source, str(path.relative_to(ROOT))):
            found.setdefault((used.pattern.pattern, used.pattern.flags), used)
    return sorted(found.values(), key=lambda used: used.place)


def held(value: object, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth < 3 and isinstance(value, (list, tuple, set, frozenset)):
        for each in value:
            yield from held(each, depth + 1)
    elif depth < 3 and isinstance(value, dict):
        yield from held([*value.keys(), *value.values()], depth + 1)


def sample(tree: Any, generator: random.Random, most: int = 3) -> str:
    """A text that a parsed pattern (or nearly so: lookarounds are left out) matches."""
    return "".join(piece(kind, given, generator, most) for kind, given in tree)


def piece(kind: Any, given: Any, generator: random.Random, most: int) -> str:
    name = str(kind)
    if name == "LITERAL":
        return chr(given)
    if name in {"NOT_LITERAL", "ANY"}:
        return generator.choice([char for char in "a A.([<\n" if name == "ANY" or char != chr(given)])
    if name == "IN":
        return member(given, generator)
    if name == "BRANCH":
        return sample(generator.choice(given[1]), generator, most)
    if name in {"SUBPATTERN", "ATOMIC_GROUP"}:
        return sample(given[-1] if name == "SUBPATTERN" else given, generator, most)
    if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
        low, high, inner = given
        return "".join(sample(inner, generator, most) for _ in range(generator.randint(low, max(low, min(high, most)))))
    return ""


def member(given: Any, generator: random.Random) -> str:
    """A character of a class."""
    negated = bool(given) and str(given[0][0]) == "NEGATE"
    inside = re.compile(_class(given))
    pool = " aA1\n\t.,:;!?()[]{}<>\"'*_-–—#@=&/|\\éÉ漢\x00"
    fits = [char for char in pool if inside.match(char)]
    if not negated:
        fits += [
            chr(value if str(kind) == "LITERAL" else value[0])
            for kind, value in given
            if str(kind) in {"LITERAL", "RANGE"}
        ]
    return generator.choice(fits or ["a"])


def _class(given: Any) -> str:
    shown = []
    for kind, value in given:
        match str(kind):
            case "NEGATE":
                shown.append("^")
            case "LITERAL":
                shown.append(re.escape(chr(value)))
            case "RANGE":
                shown.append(f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}")
            case "CATEGORY":
                letter = {"DIGIT": "d", "SPACE": "s", "WORD": "w"}[str(value).rsplit("_", 1)[1]]
                shown.append("\\" + (letter.upper() if "_NOT_" in str(value) else letter))
    return f"[{''.join(shown)}]"


def nodes(tree: Any, before: Any = ()) -> Iterator[tuple[list[Any], Any]]:
    """Every part of a pattern that repeats, with what stands before it; and what is in it, likewise."""
    passed = list(before)
    for kind, given in tree:
        name = str(kind)
        if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"} and given[1] > 3:
            yield passed, given[2]
            yield from nodes(given[2], passed)
        elif name == "SUBPATTERN":
            yield from nodes(given[-1], passed)
        elif name == "ATOMIC_GROUP":
            yield from nodes(given, passed)
        elif name == "BRANCH":
            for option in given[1]:
                yield from nodes(option, passed)
        passed = [*passed, (kind, given)]


def attacks(pattern: re.Pattern[Any], generator: random.Random) -> Iterator[tuple[str, str, str]]:
    """Prefix, what is repeated, and suffix: around every repeat, and of samples of the whole."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
        tree = parser.parse(
            source, pattern.flags & ~re.DEBUG & ~(0 if isinstance(pattern.pattern, str) else re.UNICODE)
        )
    made = set[tuple[str, str, str]]()
    for before, inner in itertools.chain(nodes(tree), [([], tree)]):
        for _ in range(4):
            front, pump = sample(before, generator), sample(inner, generator)
            if not pump:
                continue
            more = (sample(before, generator) + pump, pump + generator.choice(" \na(["))
            made |= {(front, each, end) for each in (pump, *more) for end in ("", "\x00", "\n!")}
    made |= {
        ("", each, "\x00") for each in (" ", "\n", "a", "A", "1", "a ", "A ", "(", "[", "<", "- ", "a\n", "\n\n a")
    }
    return iter(sorted(made))


def use(used: Used, text: str) -> None:
    """Use a pattern on a text in every way that the engine uses it."""
    pattern: re.Pattern[Any] = used.pattern
    given: Any = text if isinstance(pattern.pattern, str) else text.encode("utf-8", "replace")
    if used.ways & _SEARCHES:
        for _ in pattern.finditer(given):
            pass
    for way in used.ways - _SEARCHES:
        getattr(pattern, way)(given)


def grown(used: Used, attack: tuple[str, str, str]) -> float:
    """How many times as long a text takes that is four times as long; 0 where it takes no time at all."""
    front, pump, end = attack
    bound = BOUNDED.get(used.place.partition("[")[0])
    if bound is not None:
        text = (front + pump * bound)[: bound - len(end)] + end
        return MOST * min(seconds(partial(use, used, text)) for _ in range(2)) / MOMENT
    small, large = (front + pump * (size // len(pump) + 1) + end for size in (SIZE, SIZE * TIMES))
    return growth(partial(use, used, small), partial(use, used, large), MOST)


def worst(used: Used) -> tuple[float, tuple[str, str, str]]:
    """The attack that grows most; the first that is clearly not linear."""
    found = (0.0, ("", "", ""))
    for attack in attacks(used.pattern, random.Random(used.pattern.pattern.__repr__())):
        found = max(found, (grown(used, attack), attack))
        if found[0] > MOST:
            break
    return found


def test_the_machine_knows_a_square_when_it_sees_one() -> None:
    assert worst(Used("x", re.compile(r"\s+[.,]"), frozenset(["search"])))[0] > MOST
    assert worst(Used("x", re.compile(r"\s+[.,]"), frozenset(["match"])))[0] < MOST
    assert worst(Used("x", re.compile(r"(?<!\s)\s+[.,]"), frozenset(["search"])))[0] < MOST
    assert worst(Used("x", re.compile(r"<!--.*?-->", re.DOTALL), frozenset(["search"])))[0] > MOST


@pytest.mark.slow
@pytest.mark.parametrize("used", patterns(), ids=lambda used: used.place)
def test_every_pattern_is_linear(used: Used) -> None:
    found, attack = worst(used)
    assert found <= MOST, f"{used.place} {used.pattern.pattern!r}: {found:.0f} times for {attack!r}"


if __name__ == "__main__":
    for each in patterns():
        times, text = worst(each)
        if times > MOST:
            print(f"{times:8.1f}  {each.place}  {each.pattern.pattern!r:.90}  {text!r}", flush=True)
    print(f"{len(patterns())} patterns")
