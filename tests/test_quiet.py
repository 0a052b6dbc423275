from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

#: Stands in for TensorFlow, which takes four seconds: it writes to descriptor 2 when it is imported.
LOUD = "import os\nos.write(2, b'Could not find cuda drivers\\n')\n"
IMPORT = "from engine.quiet import hush; hush(); hush(); import tensorflow, os, sys; "


def imported(folder: Path, package: str, more: str = "") -> subprocess.CompletedProcess[str]:
    (folder / "tensorflow").mkdir()
    (folder / "tensorflow" / "__init__.py").write_text(package, encoding="utf-8")
    code = f"import sys; sys.path.insert(0, {str(folder)!r}); {IMPORT}{more}"
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_noise_of_the_import_is_not_heard_and_what_comes_after_it_is(tmp_path: Path) -> None:
    done = imported(tmp_path, LOUD, "os.write(2, b'later'); print(type(tensorflow.__loader__).__name__)")
    assert (done.returncode, done.stdout, done.stderr) == (0, "SourceFileLoader\n", "later")


def test_when_the_import_fails_everything_is_heard(tmp_path: Path) -> None:
    done = imported(tmp_path, f"{LOUD}raise ImportError('no such library')\n")
    assert done.returncode == 1
    assert done.stderr.startswith("Could not find cuda drivers\n")
    assert "no such library" in done.stderr


def test_what_it_warns_of_later_is_not_heard_and_its_errors_are(tmp_path: Path) -> None:
    more = "import logging; log = logging.getLogger('tensorflow'); log.warning('retracing'); log.error('no memory')"
    done = imported(tmp_path, "", more)
    assert (done.returncode, done.stderr) == (0, "no memory\n")
