"""JSON Schemas of everything that people write, for editors: made from the very models that check the files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from pydantic import BaseModel

from engine.checks.standards import Standards
from engine.files import write_text
from engine.sheets.persona import Persona
from engine.sheets.plot import Season, World
from engine.sheets.recipe import Recipe
from engine.sheets.scenario import Scenario

#: Where each schema lies in a troupe. A sheet names its own in its first line.
SCHEMAS: Mapping[str, type[BaseModel]] = MappingProxyType(
    {
        "cast/schema.json": Persona,
        "cast/training.schema.json": Recipe,
        "corpora/standards.schema.json": Standards,
        "scenes/schema.json": Scenario,
        "scenes/season.schema.json": Season,
        "scenes/world.schema.json": World,
    }
)


def schema_text(model: type[BaseModel]) -> str:
    """The schema of a model as the text of its file."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema()}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write_schemas(root: Path) -> list[Path]:
    """Write every schema into a troupe; returns those that were stale."""
    written = []
    for name, model in SCHEMAS.items():
        path, text = root / name, schema_text(model)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            write_text(path, text)
            written.append(path)
    return written
