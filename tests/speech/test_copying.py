from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from engine.speech.copying import RUN, WHOLE, Copies, Nearest, words

SCRIPT = [
    "I closed it; I close every door in this house.",
    "Never.",
    "The draught carries gossip to the hill and back again twice.",
]
texts = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=14).map(" ".join)


def test_a_whole_line_or_a_long_run_is_a_copy() -> None:
    copies = Copies(SCRIPT)
    assert copies.copied("I closed it! I close every door, in this house?")
    assert copies.copied("Oh, the draught carries gossip to the hill and so on.")
    assert not copies.copied("Never.")
    assert not copies.copied("I close every door in this")
    assert copies.longest("I close every window in this house") == 3
    assert copies.longest("gossip I closed") == 2


@given(st.lists(texts, max_size=6), texts)
def test_runs_are_found_as_the_slow_way_finds_them(lines: list[str], text: str) -> None:
    copies, spoken = Copies(lines), words(text)
    rows = [words(line) for line in lines]

    def stands(run: list[str]) -> bool:
        return any(row[start : start + len(run)] == run for row in rows for start in range(len(row)))

    runs = [spoken[a:b] for a in range(len(spoken)) for b in range(a + 1, len(spoken) + 1)]
    longest = max((len(run) for run in runs if stands(run)), default=0)
    assert copies.longest(text) == longest
    assert copies.copied(text) == (len(spoken) >= WHOLE and (spoken in rows or longest >= RUN))


def test_the_nearest_line_and_where_it_stands() -> None:
    nearest = Nearest([(text, "one.fountain", number) for number, text in enumerate(SCRIPT, 1)])
    found = nearest.find("every door in the house")
    assert found is not None
    assert (found.line, found.path) == (1, "one.fountain")
    assert 0 < found.overlap < 1
    assert nearest.find("zebra") is None


def test_scripts_on_disk_are_searched_line_by_line(tmp_path: Path) -> None:
    paths = [tmp_path / "one.fountain", tmp_path / "two.fountain"]
    paths[0].write_text("ANA\nI close every door in this house.\n", encoding="utf-8")
    paths[1].write_text("BRUNO\nYou sold the boat to my brother.", encoding="utf-8")
    copies = Copies.of_files(paths)
    assert copies.copied("I close every door in this house!")
    assert copies.copied("You sold the boat to my brother.")
    assert not copies.copied("In this house you sold the boat.")
