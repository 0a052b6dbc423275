"""docs/sheets.md: printed from the schemas, complete, with examples that are valid."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from engine.checks import reference
from engine.checks.schemas import SCHEMAS
from tests.conftest import ROOT

FIELDS = list(reference.fields())
EXPLAINED = [(model, name) for model, name in FIELDS if model not in reference.heard()[reference.UNHEARD]]


def schema_of(model: str, field: str) -> dict[str, Any]:
    """The schema of one field, with everything that it refers to."""
    for top in SCHEMAS.values():
        schema = reference.schema_of(top)
        part = reference.models(schema).get(model)
        if part is not None:
            return {**part["properties"][field], "$defs": schema.get("$defs", {})}
    raise AssertionError(model)


def test_the_page_is_what_the_schemas_say() -> None:
    printed = (ROOT / "docs" / "sheets.md").read_text(encoding="utf-8")
    assert printed == reference.page(), "python -m engine.checks.reference > docs/sheets.md"


def test_every_field_has_an_example_and_says_what_one_hears_or_why_nothing() -> None:
    known = {
        (model, name) for model, fields in reference.heard().items() if model != reference.UNHEARD for name in fields
    }
    assert known == set(EXPLAINED)
    for model, name in EXPLAINED:
        said = reference.heard()[model][name]
        assert set(said) in ({"example", "heard"}, {"example", "unheard"}), (model, name)
    assert set(reference.heard()[reference.UNHEARD]) == {model for model, name in FIELDS} - {m for m, _ in EXPLAINED}


@pytest.mark.parametrize(("model", "field"), EXPLAINED)
def test_examples_are_valid(model: str, field: str) -> None:
    example = str(reference.heard()[model][field]["example"])
    data = YAML(typ="safe", pure=True).load(f"{field}: {example}\n")
    assert [fault.message for fault in Draft202012Validator(schema_of(model, field)).iter_errors(data[field])] == []
