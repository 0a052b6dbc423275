"""The page of all fields, docs/sheets.md, printed from the schemas: `python -m engine.checks.reference > docs/sheets.md`.

Meaning, range and default are the schemas'; an example and what one hears come from `engine/data/fields.yaml`.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from engine.checks.schemas import SCHEMAS

#: The parts of the page: a heading, a sentence, and the schema it shows.
PARTS = (
    ("Cast sheet", "`cast/NAME.yaml`: who somebody is. NAME is what scenes call her.", "cast/schema.json"),
    ("Scene", "`scenes/NAME.yaml`: what happens. `telenovela scene NAME` plays it.", "scenes/schema.json"),
    ("World", "`scenes/world.yaml`: what is true in every scene.", "scenes/world.schema.json"),
    ("Season", "`scenes/season.yaml`: which scenes, in which order, with which loose ends.", "scenes/season.schema.json"),
    ("Training sheet", "`cast/training.yaml`: what the voices are trained with.", "cast/training.schema.json"),
    ("Standards", "`corpora/standards.yaml`: what `check` asks of the scripts.", "corpora/standards.schema.json"),
)  # fmt: skip
UNHEARD = "unheard models"
#: More words of a closed list than this are printed once, at the end of the page.
_SHORT = 6

_INTRODUCTION = """# Every field of every sheet

This page is printed from the schemas that check the files (`python -m engine.checks.reference`); do not edit it by hand.
Editors that know YAML schemas show the same while you type. A field that is left out has its default. `check` tells every
mistake with its line; `--why` shows what a field has moved.
"""


@cache
def heard() -> Mapping[str, Any]:
    """Model -> field -> example, and what one hears (`heard`) or why one hears nothing (`unheard`)."""
    path = Path(__file__).parents[1] / "data" / "fields.yaml"
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


def models(schema: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The model of a schema and all models inside it, by name, in the order in which they are spoken of."""
    found = {schema["title"]: schema}
    for part in (parts := [schema]):
        for name in re.findall(r'"#/\$defs/(\w+)"', json.dumps(part.get("properties", {}))):
            if name not in found:
                found[name] = schema["$defs"][name]
                parts.append(found[name])
    return found


def page() -> str:
    """The whole page, Markdown."""
    rows, lists, shown = [_INTRODUCTION], dict[str, str](), set[str]()
    for title, sentence, name in PARTS:
        rows += [f"## {title}", "", sentence, ""]
        for model, part in models(schema_of(SCHEMAS[name])).items():
            if model in shown:
                continue
            shown.add(model)
            rows += _table(model, part, lists)
    rows += ["## Lists", "", *(f"- {allowed}: {words}" for words, allowed in lists.items())]
    return "\n".join(rows).rstrip() + "\n"


def schema_of(model: type[BaseModel]) -> Mapping[str, Any]:
    return model.model_json_schema()


def _table(model: str, part: Mapping[str, Any], lists: dict[str, str]) -> list[str]:
    """A heading and a row a field."""
    first = str(part.get("description", "")).split("\n\n")[0].replace("\n", " ")
    whole = heard()[UNHEARD].get(model, "")
    rows = [f"### {model}", "", " ".join(filter(None, [first, whole])), ""]
    rows += ["| field | meaning | values | example | what one hears |", "|---|---|---|---|---|"]
    for name, field in part.get("properties", {}).items():
        known = heard().get(model, {}).get(name, {})
        default = "required" if name in part.get("required", ()) else _default(field)
        values = f"{_values(field, lists)}; {default}"
        example = f"`{name}: {known['example']}`" if known else ""
        sound = known.get("heard") or (f"nothing: {known['unheard']}" if known else "")
        cells = (f"`{name}`", field.get("description", ""), values, example, sound)
        rows.append("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |")
    return [*rows, ""]


def _default(field: Mapping[str, Any]) -> str:
    if "default" not in field:
        return "may be left out"
    value = field["default"]
    if value in ("", None) or value == [] or value == {}:
        return "default: none"
    return f"default: `{value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}`"


def _values(field: Mapping[str, Any], lists: dict[str, str]) -> str:
    """What may stand there, in words."""
    if "$ref" in field:
        model = str(field["$ref"]).rsplit("/", 1)[1]
        return f"[{model}](#{model.lower()})"
    if "anyOf" in field:
        return " or ".join(_values(option, lists) for option in field["anyOf"] if option.get("type") != "null")
    if "enum" in field:
        return _enumerated(field["enum"], lists)
    if "const" in field:
        return f"`{field['const']}`"
    match field.get("type"):
        case "array":
            return _array(field, lists)
        case "object":
            keys, values = field.get("propertyNames", {}), field.get("additionalProperties", {})
            key = _values(keys, lists) if keys.get("enum") or keys.get("$ref") else "name"
            return f"`name: value` lines; {key}: {_values(values, lists) if values else 'anything'}"
        case "number" | "integer":
            return _number(field)
        case "boolean":
            return "true or false"
        case "string":
            return _text(field)
    return "anything"


def _text(field: Mapping[str, Any]) -> str:
    longest = f", at most {field['maxLength']} letters" if "maxLength" in field else ""
    return f"text{' (not empty)' if field.get('minLength') else ''}{longest}"


def _array(field: Mapping[str, Any], lists: dict[str, str]) -> str:
    if "prefixItems" in field:
        return f"[{', '.join(_values(item, lists) for item in field['prefixItems'])}]"
    least = " (one or more)" if field.get("minItems") else ""
    return f"a list of {_values(field.get('items', {}), lists)}{least}"


def _number(field: Mapping[str, Any]) -> str:
    kind = "a whole number" if field["type"] == "integer" else "a number"
    bounds = {
        "minimum": "{} or more", "maximum": "{} or less", "exclusiveMinimum": "more than {}", "exclusiveMaximum": "less than {}",
    }  # fmt: skip
    said = [form.format(f"{field[name]:g}") for name, form in bounds.items() if name in field]
    return f"{kind}, {', '.join(said)}" if said else kind


def _enumerated(words: list[str], lists: dict[str, str]) -> str:
    """A short list as it is; a long one by a name, under which it stands at the end of the page."""
    if len(words) <= _SHORT:
        return ", ".join(f"`{word}`" for word in words)
    joined = ", ".join(f"`{word}`" for word in words)
    return lists.setdefault(joined, _named(words))


def _named(words: list[str]) -> str:
    for name, member in (("a tone", "furious"), ("an act", "accuse"), ("a kind", "rival"), ("a plot arc", "revenge")):
        if member in words:
            return name
    return f"one of {len(words)}"


def fields() -> Iterator[tuple[str, str]]:
    """(model, field) of everything that people write, each once."""
    seen: dict[tuple[str, str], None] = {}
    for model in SCHEMAS.values():
        for name, part in models(schema_of(model)).items():
            seen.update({(name, field): None for field in part.get("properties", {})})
    yield from seen


if __name__ == "__main__":
    sys.stdout.write(page())
