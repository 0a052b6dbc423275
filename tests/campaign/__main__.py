"""The command line of the campaigns: see `tests.campaign`. Exit status 1 when anything broke."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.campaign.inputs import saves, scripts, sheets, weights
from tests.campaign.processes import commands, kills

CAMPAIGNS = {
    "sheets": (sheets, 400),
    "scripts": (scripts, 400),
    "weights": (weights, 200),
    "saves": (saves, 100),
    "commands": (commands, 20),
    "kills": (kills, 10),
}


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.campaign", description=__doc__)
    options.add_argument("names", nargs="*", choices=[*CAMPAIGNS, "all"], default="all", metavar="NAME")
    options.add_argument("--count", type=int, help="inputs for each (default: a few hundred)")
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    names = [name for name in CAMPAIGNS if name in given.names or "all" in given.names]
    broken = 0
    for name in names:
        campaign, usual = CAMPAIGNS[name]
        with tempfile.TemporaryDirectory(prefix="campaign-") as folder:
            found = campaign(given.count or usual, given.seed, Path(folder))
        print(found, flush=True)
        broken += found.breaks
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
