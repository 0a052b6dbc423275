"""The tree of the engine with a phrase a file, as the README shows it: the first sentence of each module's docstring.

python -m benchmarks.tree            prints it
python -m benchmarks.tree --write    puts it into README.md, between its marks
"""

from __future__ import annotations

import argparse
import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BEGIN, END = "<!-- tree -->", "<!-- /tree -->"
WIDTH = 110
#: A full stop that ends a sentence: not that of "MRS. LINDE".
_END = re.compile(r"(?<=[a-z0-9)`])\.\s")


def phrase(path: Path) -> str:
    """The first sentence of a module's docstring, without its full stop."""
    text = " ".join((ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split())
    first = _END.split(text, 1)[0].rstrip(".")
    return first if len(first) <= WIDTH else first[: WIDTH - 3].rsplit(" ", 1)[0] + " ..."


def tree() -> str:
    """The engine's files, packages after modules, each with its phrase."""
    rows = []
    for path in sorted((ROOT / "engine").glob("*.py")):
        rows.append(f"    {path.name:<18} {phrase(path)}")
    for package in sorted(path.parent for path in (ROOT / "engine").glob("*/__init__.py")):
        rows += _package(package, 4)
    return "\n".join(rows)


def _package(package: Path, indent: int) -> list[str]:
    """A package, its modules and the packages inside it."""
    rows = [f"{' ' * indent}{package.name + '/':<{22 - indent}} {phrase(package / '__init__.py')}"]
    for path in sorted(package.glob("*.py")):
        if path.name != "__init__.py":
            rows.append(f"{' ' * (indent + 2)}{path.name:<20} {phrase(path)}")
    for inner in sorted(path.parent for path in package.glob("*/__init__.py")):
        rows += _package(inner, indent + 2)
    return rows


def in_readme(text: str) -> str:
    """A README with today's tree between its marks."""
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n\n{tree()}\n\n{END}{rest.split(END)[1]}"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--write", action="store_true")
    given = options.parse_args()
    readme = ROOT / "README.md"
    if given.write:
        readme.write_text(in_readme(readme.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        print(tree())


if __name__ == "__main__":
    main()
