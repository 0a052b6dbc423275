"""YAML that people write -> a checked model, or every fault at once with file:line:column.

YAML is read without the traps of version 1.1: `No` and `12:30` stay text, duplicate keys and unknown tags are
refused, aliases are bounded. Knows nothing of casts or scenes; the models that it checks against are given.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from engine.errors import SHOWN, AuthoredError, Fault
from engine.text import nearest as nearest

#: Nodes a file may expand to, and how deep: more is an alias bomb, not a scene.
MOST_NODES, DEEPEST = 20_000, 40
#: A file of more characters is first counted: its nodes and how deep they lie, before any of it is built.
LARGE = 8_000
#: And with more than this it is nothing that people write.
MOST_CHARACTERS = 1_000_000

Place = tuple[str | int, ...]
_INTEGER = re.compile(r"[-+]?[0-9]+\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
#: What to do about what PyYAML says, by words of its message and in this order: it names its own tokens, not the mistake.
_YAML_HINTS = {
    "\\t": "indent with spaces",
    "'?'": "put text with a ? in quotes",
    "but found '<scalar>'": "more text where a value has ended: does a quote end too early, or not at all on a line above?",
    "expected <block end>": "this line or the one above begins in the wrong column: those of one group begin in the same",
    "mapping values are not allowed": "put text with a colon in quotes; or the line above lacks its colon, or begins in another column",
    "could not find expected ':'": "a field is written `name: value`",
    "expected ',' or": "a comma or a closing bracket is missing",
    "expected alphabetic": "put text that begins with * or & in quotes",
    "undefined alias": "put text that begins with * in quotes",
    "found unexpected end of stream": "a quote is not closed",
    "that cannot start any token": "put this text in quotes",
}
_CORE = {f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "map", "seq")}


class Authored(BaseModel):
    """The base of every model that people write: strict types, no unknown fields, frozen."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    #: What a file of this model is called, and where it lies; empty for models that are only parts of files.
    file_kind: ClassVar[str] = ""


Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Document(Generic[Model]):
    """A checked file. `fault` makes a fault at a place in it, for checks across files."""

    path: Path
    value: Model
    _marks: dict[Place, tuple[int, int]] = field(repr=False)
    _lines: list[str] = field(repr=False)

    def fault(self, place: Place, message: str) -> Fault:
        return _fault(self.path, self._marks, self._lines, place, message)


def load(path: Path, model: type[Model]) -> Document[Model]:
    """Read and check one file. Raises AuthoredError with all faults of it."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        near = nearest(path.name, [other.name for other in path.parent.glob("*.yaml")]) if path.parent.is_dir() else ""
        raise AuthoredError([Fault(path, 1, 1, f"no such file{near}")]) from error
    except (OSError, UnicodeDecodeError) as error:
        reason = "not UTF-8 text" if isinstance(error, UnicodeDecodeError) else str(error.strerror or error)
        raise AuthoredError([Fault(path, 1, 1, f"cannot be read: {reason}")]) from error
    if len(text) > MOST_CHARACTERS:
        raise AuthoredError([Fault(path, 1, 1, f"more than {MOST_CHARACTERS:,} characters: too much for one file")])
    lines = [line.expandtabs(1) for line in text.splitlines()]
    marks: dict[Place, tuple[int, int]] = {}
    data = _read(path, text, lines, marks)
    if not isinstance(data, dict):
        raise AuthoredError([Fault(path, 1, 1, "empty, or not a list of `field: value` lines")])
    try:
        value = model.model_validate_json(json.dumps(data))
    except ValidationError as error:
        other = _other_kind(data, model)
        if other:
            raise AuthoredError([Fault(path, 1, 1, other)]) from error
        raise AuthoredError(_faults(path, marks, lines, error, model)) from error
    return Document(path, value, marks, lines)


class _Loader(yaml.SafeLoader):
    """Composes nodes without guessing types: every plain scalar is text until `_scalar` looks at it."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML declares it so


if yaml.__with_libyaml__:

    class _QuickLoader(yaml.CSafeLoader):
        """The same in C."""

        yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - as above


@lru_cache(128)
def _compose(text: str) -> yaml.Node | None:
    """The nodes of a file; kept, since a check asks for the same sheets up to four times. libyaml is fourteen times as fast, and a scene reads thirty sheets before its first line;
    but its errors say less, so what it refuses is read again in Python, unless that would take long. So is text with a
    `?`, about which the two disagree: a file must not be right on one machine and wrong on the next."""
    if yaml.__with_libyaml__ and "?" not in text:
        try:
            return _QuickLoader(text).get_single_node()
        except (yaml.YAMLError, UnicodeEncodeError):
            if len(text) > LARGE * 8:
                raise
    return _Loader(text).get_single_node()


def _too_much(text: str) -> tuple[int, int] | None:
    """Where a file has too many nodes or is too deep, found without building any of it: libyaml nests on the C stack,
    where 30,000 levels end the process."""
    nodes = depth = 0
    loader = _QuickLoader if yaml.__with_libyaml__ else _Loader
    with suppress(yaml.YAMLError, UnicodeEncodeError):
        for event in yaml.parse(text, Loader=loader):
            nodes += isinstance(event, yaml.NodeEvent)
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if nodes > 2 * MOST_NODES or depth > DEEPEST + 1:
                mark = event.start_mark
                return (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    return None


def _read(path: Path, text: str, lines: list[str], marks: dict[Place, tuple[int, int]]) -> Any:
    faults: list[Fault] = []
    place = _too_much(text) if len(text) > LARGE else None
    if place is not None:
        raise AuthoredError([Fault(path, *place, "too much in one file, or nested too deep", _quoted(lines, place[0]))])
    try:
        node = _compose(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        what = error.problem or error.context or "not YAML"
        hint = next((f" ({hint})" for words, hint in _YAML_HINTS.items() if words in what), "")
        raise AuthoredError([Fault(path, line, column, f"YAML: {what}{hint}", _quoted(lines, line))]) from error
    except (yaml.YAMLError, UnicodeEncodeError, RecursionError) as error:
        character = getattr(error, "position", None)
        line = text.count("\n", 0, character) + 1 if isinstance(character, int) else 1
        raise AuthoredError([Fault(path, line, 1, "YAML: not readable (a control character, or too deep)")]) from error
    budget = [MOST_NODES]

    def build(node: yaml.Node, place: Place) -> Any:
        marks.setdefault(place, (node.start_mark.line + 1, node.start_mark.column + 1))
        budget[0] -= 1
        if budget[0] < 0 or len(place) > DEEPEST:
            message = "aliases or nesting expand to too much"
            raise AuthoredError([_fault(path, marks, lines, place, message)])
        if node.tag not in _CORE:
            faults.append(
                _fault(path, marks, lines, place, f"the tag {node.tag} is not allowed here; write plain text")
            )
            return None
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        if isinstance(node, yaml.SequenceNode):
            return [build(item, (*place, number)) for number, item in enumerate(node.value)]
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line, column = key_node.start_mark.line + 1, key_node.start_mark.column + 1
            if not isinstance(key_node, yaml.ScalarNode):
                faults.append(Fault(path, line, column, "a field's name must be plain text", _quoted(lines, line)))
                continue
            key = str(key_node.value)
            if key in result:
                faults.append(Fault(path, line, column, f"'{key}' stands here twice", _quoted(lines, line)))
                continue
            marks[(*place, key, "")] = (line, column)
            result[key] = build(value_node, (*place, key))
        return result

    data = build(node, ()) if node is not None else None
    if faults:
        raise AuthoredError(faults)
    return data


def _scalar(node: yaml.ScalarNode) -> Any:
    """The core schema of YAML 1.2 for plain scalars; everything quoted is text."""
    text = str(node.value)
    if node.style:
        return text
    if text in {"", "~", "null"}:
        return None
    if text in {"true", "false"}:
        return text == "true"
    if _INTEGER.match(text) and len(text) < 18:
        return int(text)
    if _FLOAT.match(text):
        number = float(text)
        return number if abs(number) < 1e300 else text
    return text


def _other_kind(data: dict[str, Any], model: type[BaseModel]) -> str:
    """A sentence where a file is plainly of another kind than the one that is wanted; empty where it is not."""
    kinds = [kind for kind in _subclasses(Authored) if kind.file_kind]
    wanted = getattr(model, "file_kind", "")
    likeliest = max(kinds, key=lambda kind: _likeness(data, kind), default=None)
    if not wanted or likeliest is None or _likeness(data, likeliest) <= _likeness(data, model):
        return ""
    known = len(data.keys() & _names(likeliest))
    if known < 3 and data.keys() & _names(model):
        return ""
    return f"this is {likeliest.file_kind}; what is wanted here is {wanted}"


def _likeness(data: dict[str, Any], model: type[BaseModel]) -> int:
    """How many of a file's fields a model knows, less those that it requires and the file has not."""
    required = {name for name in _names(model) if model.model_fields[name].is_required()}
    return len(data.keys() & _names(model)) - len(required - data.keys())


def _names(model: type[BaseModel]) -> set[str]:
    return set(model.model_fields)


def _subclasses(kind: type[Authored]) -> list[type[Authored]]:
    """All models of files that the program has loaded by now."""
    return [found for child in kind.__subclasses__() for found in (child, *_subclasses(child))]


def _fault(path: Path, marks: dict[Place, tuple[int, int]], lines: list[str], place: Place, message: str) -> Fault:
    known = place
    while known not in marks and known:
        known = known[:-1]
    line, column = marks.get(known, (1, 1))
    return Fault(path, line, column, message, _quoted(lines, line))


def _quoted(lines: list[str], line: int) -> str:
    return lines[line - 1] if 0 < line <= len(lines) else ""


def _faults(
    path: Path, marks: dict[Place, tuple[int, int]], lines: list[str], error: ValidationError, model: type[BaseModel]
) -> list[Fault]:
    details = error.errors(include_url=False)
    longer = {detail["loc"][:size] for detail in details for size in range(len(detail["loc"]))}
    found: dict[tuple[Place, str], ErrorDetails] = {}
    for detail in details:
        if detail["type"] == "too_short" and detail["loc"] in longer:
            continue  # the list is short only because its items are faulty
        # Fields that are missing stand at one place.
        kind = f"missing {detail['loc'][-1]}" if detail["type"] == "missing" else detail["type"]
        found.setdefault((_place(detail, marks), kind), detail)
    # Only the first are ever shown, and a sentence with the nearest name takes time: the others are only counted.
    order = sorted(found, key=lambda key: marks.get(key[0], (1, 1)))
    told = {key: _sentence(found[key], model) for key in order[: 2 * SHOWN]}
    faults = {
        (place, told.get((place, kind), kind)): _fault(path, marks, lines, place, told.get((place, kind), kind))
        for place, kind in order
    }
    return list(faults.values())


def _place(detail: ErrorDetails, marks: dict[Place, tuple[int, int]]) -> Place:
    """Where in the file a fault stands: members of a union add a name of their own to the path, which is no place."""
    place: Place = ()
    for part in detail["loc"]:
        if (*place, part) in marks:
            place = (*place, part)
    # The field's name, not its value.
    return (*place, "") if detail["type"] in {"extra_forbidden", "missing"} or "[key]" in detail["loc"] else place


def _sentence(detail: ErrorDetails, model: type[BaseModel]) -> str:
    """One fault in our own words: the field, what is wrong, what is allowed."""
    kind, context, given = detail["type"], detail.get("ctx") or {}, detail["input"]
    names = [str(part) for part in detail["loc"] if not isinstance(part, int) and part != "[key]"]
    if "[key]" in detail["loc"]:
        names = names[:-1]
    name = names[-1] if names else "file"
    if kind == "missing" and isinstance(detail["loc"][-1], int):
        return f"'{name}' needs {detail['loc'][-1] + 1} values"
    if kind == "too_short":
        return f"'{name}' is empty"
    if kind == "missing":
        return f"'{name}' is missing"
    if kind == "extra_forbidden":
        if ":" in name:
            return f"'{name}' is not a field here (a space belongs after the colon)"
        if given is None and name.isdecimal():
            return f"'{name}' is not a field here (a number is written with a point: 0.{name})"
        return f"'{name}' is not a field here{nearest(name, _fields(model, names[:-1]))}"
    if kind in {"literal_error", "enum"}:
        allowed = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        return f"{name}: {_shown(given)} is not one of {', '.join(allowed)}{nearest(str(given), allowed)}"
    if kind in {"greater_than_equal", "less_than_equal", "greater_than", "less_than"}:
        word = {
            "greater_than_equal": "at least",
            "less_than_equal": "at most",
            "greater_than": "more than",
            "less_than": "less than",
        }
        return f"{name}: {_shown(given)} must be {word[kind]} {next(iter(context.values()))}"
    if kind == "value_error":
        return f"{name}: {context.get('error')}"
    types = {
        "string_type": "text", "int_type": "a whole number", "int_from_float": "a whole number", "float_type": "a number",
        "bool_type": "true or false", "list_type": "a list", "tuple_type": "a list", "dict_type": "`name: value` lines",
        "model_type": "`field: value` lines", "mapping_type": "`name: value` lines", "model_attributes_type": "`field: value` lines",
    }  # fmt: skip
    if kind in types:
        return f"{name}: {_shown(given)} should be {types[kind]}"
    return f"{name}: {detail['msg'][:1].lower()}{detail['msg'][1:]}"


def _fields(model: type[BaseModel], names: list[str]) -> list[str]:
    """The fields allowed at a path of field names, found by walking the model's JSON schema."""
    schema = _schema(model)
    definitions = schema.get("$defs", {})

    def resolve(part: Any) -> list[dict[str, Any]]:
        if not isinstance(part, dict):
            return []
        if "$ref" in part:
            return resolve(definitions[part["$ref"].rsplit("/", 1)[1]])
        found = [part]
        for word in ("anyOf", "oneOf", "allOf"):
            for option in part.get(word, []):
                found += resolve(option)
        for word in ("items", "additionalProperties"):
            found += resolve(part.get(word))
        return found

    here = resolve(schema)
    for name in names:
        inner = [option for part in here for option in resolve(part.get("properties", {}).get(name))]
        here = inner or here  # the key of a mapping is no field: stay where we are
    return [name for part in here for name in part.get("properties", {})]


@cache
def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema()


def _shown(given: Any) -> str:
    if isinstance(given, str):
        return f"'{given[:40]}{'...' if len(given) > 40 else ''}'"
    if isinstance(given, bool):
        return "true" if given else "false"
    if given is None:
        return "nothing"
    if isinstance(given, (dict, list)):
        return "a list" if isinstance(given, list) else "a group of fields"
    return str(given)
