from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT

HEAVY = ("tensorflow", "keras", "sklearn", "markovify")
#: What a command that plays has no business with.
TRAINING = (*HEAVY, "engine.training")


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_contracts_of_pyproject_hold() -> None:
    # In a process of its own: import-linter configures logging and the path of the one that it runs in.
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True, is_debug_mode=False))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 kept, 0 broken" in done.stdout


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("engine.scene", TRAINING),
        ("engine.season", TRAINING),
        ("engine.check", TRAINING),
        ("engine.evaluate", TRAINING),
        ("engine.train", HEAVY),
        ("engine.adopt", HEAVY),
    ],
)
def test_a_command_starts_without_the_heavy_libraries(module: str, heavy: tuple[str, ...]) -> None:
    assert python(f"import sys, {module}; print([name for name in {heavy} if name in sys.modules])") == "[]"


def test_only_training_knows_tensorflow() -> None:
    code = "import grimp; g = grimp.build_graph('engine', include_external_packages=True, cache_dir=None); "
    code += "print(sorted(m for m in g.find_modules_that_directly_import('tensorflow')))"
    found = python(code)
    assert "engine.training.base" in found
    assert all(name.strip(" '").startswith("engine.training.") for name in found.strip("[]").split(","))
