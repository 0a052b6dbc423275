"""The schemas: every property says what it means, and an ordinary validator finds the shipped files valid."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from engine.checks.report import kind_of
from engine.checks.schemas import SCHEMAS, schema_text
from tests.conftest import ROOT

#: The schema of each kind of file, as its first line names it.
NAMED = {
    "sheet": "schema.json", "training sheet": "training.schema.json", "world": "world.schema.json",
    "scene": "schema.json", "season": "season.schema.json", "standards sheet": "standards.schema.json",
}  # fmt: skip
SHIPPED = sorted(
    path for folder in ("cast", "scenes", "corpora") for path in (ROOT / folder).glob("*.yaml") if path.is_file()
)


def properties(schema: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for title, part in {schema["title"]: schema, **schema.get("$defs", {})}.items():
        for name, found in part.get("properties", {}).items():
            yield f"{title}.{name}", found


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_property_has_a_description(name: str) -> None:
    schema = json.loads(schema_text(SCHEMAS[name]))
    Draft202012Validator.check_schema(schema)
    found = dict(properties(schema))
    assert found
    assert [each for each, part in found.items() if len(part.get("description", "").split()) < 2] == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_shipped_files_are_valid_by_the_schema_that_they_name(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    named = text.split("\n", 1)[0].partition("$schema=")[2]
    assert named == NAMED[kind_of(path)]
    schema = json.loads((path.parent / named).read_text(encoding="utf-8"))
    data = YAML(typ="safe", pure=True).load(text)
    faults = [f"{fault.json_path}: {fault.message}" for fault in Draft202012Validator(schema).iter_errors(data)]
    assert faults == []


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ("cast/schema.json", "name: Ana\ntalkativeness: 2\n"),
        ("scenes/schema.json", "title: T\ncast: [ana]\nbeats: [{name: a, closes: true, tone: {joyfull: 1}}]\n"),
        ("scenes/season.schema.json", "title: T\nthreads: {}\nepisodes: []\n"),
        ("scenes/world.schema.json", "facts: {a: {words: [x]}}\n"),
    ],
)
def test_the_validator_finds_what_is_wrong(schema: str, text: str) -> None:
    validator = Draft202012Validator(json.loads((ROOT / schema).read_text(encoding="utf-8")))
    assert list(validator.iter_errors(YAML(typ="safe", pure=True).load(text)))
