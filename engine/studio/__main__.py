"""`python -m engine.studio [SCENE]`: the writers' room."""

from __future__ import annotations

import sys

from engine.studio import main

if __name__ == "__main__":
    sys.exit(main())
