from __future__ import annotations

from engine.performance import Change, Entry, Learned
from engine.sheets.persona import Persona
from engine.stage.transcript import Transcript, talk

PERSONAS = {"ana": Persona(name="Ana"), "dario": Persona(name="Darío"), "carla": Persona(name="Carla")}
TRANSCRIPT = Transcript(PERSONAS, ["ana", "dario"])


def test_ids_become_names_and_what_is_no_id_stays() -> None:
    assert [TRANSCRIPT.name(who) for who in ("dario", "viewer", None)] == ["Darío", "viewer", None]


def test_changes_are_rounded_and_named() -> None:
    change = Change("ana", "dario", "trust", 0.123456, -0.98765, "an insult wounds")
    assert TRANSCRIPT.changes([change]) == (Change("Ana", "Darío", "trust", 0.1235, -0.9877, "an insult wounds"),)


def test_who_learned_what_by_whom_or_by_which_beat() -> None:
    found = [Learned("ana", "the-will", "dario"), Learned("dario", "the-will", "beat: Soup", lost=True)]
    assert TRANSCRIPT.learned(found) == (
        Learned("Ana", "the-will", "Darío"), Learned("Darío", "the-will", "beat: Soup", lost=True),
    )  # fmt: skip


def test_the_picture_shows_the_people_of_the_scene_alone() -> None:
    edge = {"kind": "rival", "heat": 0.123456}
    picture = {"ana": {"dario": edge, "carla": edge}, "carla": {"ana": edge}, "dario": {}}
    assert TRANSCRIPT.picture(picture) == {"Ana": {"Darío": {"kind": "rival", "heat": 0.1235}}, "Darío": {}}


def test_lines_and_words_of_each_speaker() -> None:
    entries = [Entry("line", "Out of here!", "Ana"), Entry("direction", "Rain."), Entry("line", "No.", "Ana")]
    assert talk(entries) == {"Ana": {"lines": 2, "words": 4}}
    assert talk([]) == {}
