"""TensorFlow imported without its noise: what it was built for, which GPUs it looked for. Imports nothing itself.

Its C++ parts write to descriptor 2 before any setting is read, whatever TF_CPP_MIN_LOG_LEVEL says. So the descriptor
is turned away while the package is imported, and what was written is shown only when that fails.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

_LOUD = "tensorflow"


def hush() -> None:
    """From now on the first import of TensorFlow says nothing, nor does what it logs later below an error."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    logging.getLogger(_LOUD).setLevel(logging.ERROR)
    if _LOUD not in sys.modules and not any(isinstance(finder, _Quietly) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Quietly())


@contextmanager
def turned_away() -> Iterator[None]:
    """Keep what is written to descriptor 2 in a file, and write it after all when the body raises."""
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as file:
        os.dup2(file.fileno(), 2)
        try:
            yield
        except BaseException:
            os.dup2(kept, 2)
            file.seek(0)
            os.write(2, file.read())
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)


class _Quietly(MetaPathFinder):
    """Finds TensorFlow as Python would, and wraps the loader."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != _LOUD:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _QuietLoader(spec.loader)
        return spec


class _QuietLoader(Loader):
    def __init__(self, loader: Loader):
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        if module.__spec__ is not None:
            # What is asked of the loader later (files of the package) is asked of the real one.
            module.__spec__.loader = module.__loader__ = self._loader
        with turned_away():
            self._loader.exec_module(module)
