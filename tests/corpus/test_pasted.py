"""What people paste and export, one small text for each kind: who says what, in whatever way it is set."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from engine import adopt
from engine.adoption import gather
from engine.adoption.calls import calls
from engine.adoption.talk import Talk
from engine.corpus import speakers
from engine.corpus.cues import name_of
from engine.corpus.languages import language_in
from engine.corpus.reading import read_file
from engine.corpus.turns import Scene, Script, Turn
from engine.errors import ScriptError

TWO = {"Tova": ["Where is the lamp?", "And the oil?"], "Ilja": ["Under the stairs."]}


def rows(*lines: str) -> str:
    return "\n".join(lines) + "\n"


#: Texts in which Tova asks twice and Ilja answers once, by file name.
KINDS: dict[str, str] = {
    "colon_below.txt": rows("Tova:", "Where is the lamp?", "", "Ilja:", "Under the stairs.", "", "Tova:", "And the oil?"),
    "numbered.txt": rows("1. TOVA: Where is the lamp?", "2. ILJA: Under the stairs.", "3. TOVA: And the oil?"),
    "numbered_stops.txt": rows("1 TOVA. Where is the lamp?", "2 ILJA. Under the stairs.", "3 TOVA. And the oil?"),
    "brackets.txt": rows("TOVA (O.S.) (CONT'D): Where is the lamp?", "ILJA [softly] (V.O.): Under the stairs.", "TOVA: And the oil?"),
    "spanish_dashes.txt": rows("TOVA.- Where is the lamp?", "ILJA.— (Aparte.) Under the stairs.", "TOVA.- And the oil?"),
    "french.txt": rows("TOVA, riant. — Where is the lamp?", "ILJA. — Under the stairs.", "TOVA. — And the oil?"),
    "quoted.txt": rows("TOVA : « Where is the lamp? »", "ILJA : « Under the stairs. »", "TOVA : « And the oil? »"),
    "personajes.txt": rows("LA LÁMPARA", "", "PERSONAJES", "TOVA, portera", "ILJA, barquero", "", "Un patio.", "", "TOVA: Where is the lamp?", "ILJA: Under the stairs.", "TOVA: And the oil?"),
    "cast_with_colons.txt": rows("Characters:", "Tova: a porter", "Ilja: a ferryman", "", "Tova: Where is the lamp?", "Ilja: Under the stairs.", "Tova: And the oil?"),
    "head.txt": rows("Title: The Lamp", "Written by: Somebody", "Date: May", "", "TOVA: Where is the lamp?", "ILJA: Under the stairs.", "TOVA: And the oil?"),
    "irc.txt": rows("[12:01] <Tova> Where is the lamp?", "[12:02] * Ilja looks around", "[12:02] <Ilja> Under the stairs.", "[12:03] <@Tova> And the oil?"),
    "android.txt": rows("04.02.23, 10:02 - Tova: Where is the lamp?", "04.02.23, 10:03 - Ilja added you", "04.02.23, 10:03 - Ilja: Under the stairs.", "04.02.23, 10:05 - Tova: And the oil?"),
    "discord.txt": rows("=" * 40, "Guild: House", "Channel: stairs", "=" * 40, "", "[05-Jan-24 10:02 PM] Tova", "Where is the lamp?", "", "[05-Jan-24 10:03 PM] Ilja", "Under the stairs.", "", "[05-Jan-24 10:04 PM] Tova", "And the oil?"),
    "time_first.txt": rows("00:00:01 Tova", "Where is the lamp?", "", "00:00:04 Ilja", "Under the stairs.", "", "00:00:07 Tova", "And the oil?"),
    "time_bold.txt": rows("0:00:14.3 **Tova** Where is the lamp?", "", "0:00:16.1 **Ilja** Under the stairs.", "", "0:00:18.9 **Tova** And the oil?"),
    "stamped.txt": rows("[00:00:01] Tova: Where is the lamp?", "[00:00:04] Ilja: Under the stairs.", "[00:00:07] Tova: And the oil?"),
    "list.md": rows("## Stairs", "", "- **Tova:** Where is the lamp?", "- **Ilja:** *(points)* Under the stairs.", "- **Tova:** And the oil?"),
    "headings.md": rows("# Stairs", "", "### TOVA", "*(looks up)*", "> Where is the lamp?  ", "> *(pause)*", "", "*(Ilja points.)*", "", "### ILJA", "> Under the stairs.", "", "### TOVA", "> And the oil?", "", "### ILJA", "> *(nods)*"),
    "laughs.txt": rows("# TOVA", "0.5", "Where is the lamp?", "1.7", "1.8", "**LOL**", "# ILJA", "2.0", "Under the", "stairs.", "2.6", "# TOVA", "3.1", "And the oil?", "4.2", "# ILJA", "4.4", "**LOL**"),
    "escaped.md": rows("**Tova:** \\[laughter\\] Where is the lamp?", "", "**Ilja:** \\[00:00:03.19\\] Under the stairs.", "", "**Tova:** And the oil? \\[laughs\\]"),
    "announced.txt": rows("TOVA (from above)", "Where is the lamp?", "", "While she is speaking:", "The light goes down.", "", "ILJA", "Under the stairs.", "", "TOVA", "And the oil?", "", "BOTH", "(They laugh.)", "", "TOVA", "(She goes.)"),
    "wiki.txt": rows("== Stairs ==", "'''[[Tova of the House|Tova]]:''' Where is the lamp?<br />", "'''Ilja:''' ''(points)'' Under the stairs.", "'''Tova:''' And the oil?"),
    "tight.txt": rows("EXT. STAIRS - DAY", "TOVA", "Where is the lamp?", "ILJA", "(pointing)", "Under the stairs.", "TOVA", "And the oil?"),
    "gaps.txt": rows("EXT. STAIRS - DAY", "", "TOVA", "", "Where is the lamp?", "", "Ilja points.", "", "ILJA", "", "(pointing)", "", "Under the stairs.", "", "TOVA", "", "And the oil?"),
    "double_spaced.txt": "TOVA: Where is the lamp?\u2028ILJA: Under the stairs.\u2029TOVA: And the oil?",
    "invisible.txt": rows("\u200eTOVA\u00a0: Where is the lamp?", "ILJA\u202f: Under the\u200b stairs.", "TOVA\u2009: And the oil?"),
    "lower.txt": rows("tova: Where is the lamp?", "ilja: Under the stairs.", "tova: And the oil?"),
    "semicolons.csv": rows("Figur;Text", "TOVA;Where is the lamp?", "ILJA;Under the stairs.", "TOVA;And the oil?"),
    "odd_names.csv": rows("Line No,Character (in script),Full_Text", "1,Tova,Where is the lamp?", "2,Ilja,Under the stairs.", "3,Tova,And the oil?"),
    "pairs.json": json.dumps([["Tova", TWO["Tova"][0]], ["Ilja", TWO["Ilja"][0]], ["Tova", TWO["Tova"][1]]]),
    "keys.json": json.dumps([{"Tova": TWO["Tova"][0]}, {"Ilja": TWO["Ilja"][0]}, {"Tova": TWO["Tova"][1]}]),
    "by_name.json": json.dumps({"Tova": TWO["Tova"], "Ilja": TWO["Ilja"]}),
    "nested.json": json.dumps({"movie": "x", "scenes": [{"Character": who, "Replies": [{"Reply": said} for said in lines]} for who, lines in TWO.items()]}),
    "messenger.json": json.dumps({"title": "Stairs", "messages": [{"sender_name": who, "timestamp_ms": at, "content": said} for who, at, said in (("Tova", 9, TWO["Tova"][1]), ("Ilja", 5, TWO["Ilja"][0]), ("Tova", 1, TWO["Tova"][0]))]}),
    "two_languages.json": json.dumps([{"no": n, "en_speaker": who, "en_sentence": said, "ja_sentence": "階段"} for n, (who, said) in enumerate([("Tova", TWO["Tova"][0]), ("Ilja", TWO["Ilja"][0]), ("Tova", TWO["Tova"][1])])]),
    "definitions.html": "<html><body><p><b>TOVA</b>: Where is the lamp?</p><p><b>ILJA</b>: <i>(he points to the stairs)</i> Under the stairs.</p><p><b>TOVA</b>: And the oil?</p></body></html>",
    "split_names.html": "<html><body><p>Teleplay by: A Writer</p><p><strong>To</strong><b>va:</b> Where is the lamp?</p><p><i><b>Ilja:</b> Under the stairs.</i></p><p><b>TOVA:</b> And the oil?</p></body></html>",
    "verbs.srt": rows("1", "00:00:01,000 --> 00:00:03,000", "TOVA: Where is the lamp?", "", "2", "00:00:04,000 --> 00:00:05,000", "[SNORTS]", "", "3", "00:00:05,000 --> 00:00:06,000", "ILJA: Under the stairs.", "", "4", "00:00:07,000 --> 00:00:08,000", "[SNAPS]", "", "5", "00:00:08,000 --> 00:00:09,000", "TOVA: And the oil?"),
    "spans.html": '<div><span class="speaker">Tova</span><span class="line">Where is the lamp?</span></div><div><span class="speaker">Ilja</span><span class="line">Under the stairs.</span></div><div><span class="speaker">Tova</span><span class="line">And the oil?</span></div>',
    "second.srt": rows("1", "00:00:01,000 --> 00:00:03,000", "TOVA: Where is the lamp? ILJA: Under the stairs.", "", "2", "00:00:04,000 --> 00:00:05,000", "TOVA (OFF): And the oil?"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(KINDS))
def test_each_kind_is_read_as_a_person_would(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(KINDS[name], encoding="utf-8")
    found: dict[str, list[str]] = {}
    for turn in read_file(path).script.turns():
        found.setdefault((turn.speaker or "").title(), []).append(turn.text)
    assert found == TWO


@pytest.mark.parametrize(
    ("names", "mark"),
    [(("ŁUCJA", "ŻANETA"), ": "), (("СОФЬЯ", "ЁЖИК"), ". "), (("ΣΟΦΙΑ", "ΗΛΙΑΣ"), ": "), (("ÇİÇEK", "ŞULE"), ": "), (("林妹", "阿奥"), "："),
     (("花子", "太郎"), "："), (("민준", "서연"), ": "), (("מרים", "דוד"), ": "), (("مريم", "داود"), ": "), (("मीरा", "राम"), ": "), (("ŠÁRKA", "ČENĚK"), ": ")],
)  # fmt: skip
def test_names_are_read_in_the_letters_of_any_language(names: tuple[str, str], mark: str, tmp_path: Path) -> None:
    path = tmp_path / "play.txt"
    one, other = names
    path.write_text(
        rows(*(f"{who}{mark}x{n} y{n}" for n, who in enumerate([one, other, one, other]))), encoding="utf-8"
    )
    assert sorted(Counter((turn.speaker or "").casefold() for turn in read_file(path).script.turns()).values()) == [
        2,
        2,
    ]


@pytest.mark.parametrize(
    "text",
    [
        rows("[window]", "Title: x", "PlayResX: 640", "PlayResY: 480", "Format: a, b, c", "Style: Default,Arial,20", "Dialogue: 0,0,0", "Dialogue: 0,0,1"),
        rows(*(f"OpenOnCurrentPage{n}: True" for n in range(20))),
        rows(*(f"Key{chr(65 + n)}: value {n}" for n in range(20))),
        rows("def main():", "    x: int = 3", "    return {", "        'A': 1,", "    }"),
        "It was dark. Nobody spoke: the lamp was out.\n\nNobody would.",
    ],
)  # fmt: skip
def test_what_is_no_script_is_refused_with_what_was_seen(text: str, tmp_path: Path) -> None:
    path = tmp_path / "settings.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScriptError, match=r"words of a file format|a list, not a script|no dialogue found"):
        read_file(path)


# -- who is who ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "merged"),
    [("Merchant", "Wine Merchant", False), ("Priest", "Red Priest", False), ("B", "A & B", False), ("Guard", "Guard Captain", False),
     ("Jane", "Jane Villanueva", True), ("Linde", "Mrs. Linde", True), ("Tova", "Tova's mother", False), ("Tova", "Tova and Ilja", False)],
)  # fmt: skip
def test_trades_and_pairs_are_kept_apart(one: str, other: str, merged: bool) -> None:
    names = speakers.merge({one: 12, other: 9}).names
    assert (names[one] == names[other]) is merged


def test_any_merge_can_be_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "two.csv"
    path.write_text(
        "scene,speaker,text\n1,Jane,Where is it?\n1,Jane,Well?\n2,Jane Villanueva,Here it is.\n", encoding="utf-8"
    )
    assert len(gather.gather([path]).counts) == 1
    assert len(gather.gather([path], apart=["Jane Villanueva"]).counts) == 2
    assert adopt.main([str(path), "--dry-run"]) == 0
    shown = capsys.readouterr().out
    assert "Taken for one person (--keep-apart NAME undoes it):" in shown
    assert "one name is a part of the other" in shown


def test_one_label_with_two_ids_is_two_people(tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    path.write_text(
        "character_id,character,text\nc1,John,Hello there.\nc2,John,Hello you.\nc1,John,Bye.\nc1,John,Well.\nc2,John,No.\n",
        encoding="utf-8",
    )
    assert Counter(turn.speaker for turn in read_file(path).script.turns()) == {"John": 3, "John 2": 2}


def test_who_gets_no_voice_for_want_of_room_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "many.txt"
    path.write_text(
        rows(*(f"PERSON {chr(65 + n % 3)}: I say this for the {n}th time." for n in range(60))), encoding="utf-8"
    )
    assert adopt.main([str(path), "--dry-run", "--min-lines", "10", "--voices", "2"]) == 0
    assert "Person C (20 lines) would have lines enough: --voices 3" in " ".join(capsys.readouterr().out.split())


def test_a_small_script_is_told_what_it_is_good_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "small.txt"
    path.write_text(KINDS["head.txt"], encoding="utf-8")
    assert adopt.main([str(path), "--dry-run"]) == 0
    shown = capsys.readouterr().out
    assert "3 lines are too few to learn a voice from" in shown
    assert "small.txt, the first lines as read:\n  Tova: Where is the lamp?\n  Ilja: Under the stairs.\n" in shown


def test_people_are_called_as_the_script_calls_them() -> None:
    turns = [
        Turn("Tova Lind", "Where is it, Ilja?"),
        Turn("Ilja Berg", "Here, Tova."),
        Turn("Tova Lind", "Ilja! Ilja Berg!"),
        Turn("Ilja Berg", "Yes, Tova?"),
    ]
    talk = Talk(
        [Script(Path("x"), "x", (Scene("", tuple(turns)),))],
        {"tova": "Tova Lind", "ilja": "Ilja Berg"},
        {"tova": ["Tova"], "ilja": ["Ilja"]},
        "en",
    )
    assert calls(talk)[0] == {"tova": "Tova"}


@pytest.mark.parametrize(
    ("text", "code"),
    [("Qui a laissé la lampe sur le feu ? Ce n'est pas moi.", "fr"), ("Кто оставил лампу?", "ru"), ("Хто залишив її тут, і чому?", "uk"), ("Who left the lamp on the stairs?", "en"),
     ("¿Quién dejó la lámpara?", "es"), ("Wer hat die Lampe auf der Treppe gelassen?", "de"), ("誰がランプを?", "ja"), ("谁的灯？", "zh"), ("Lamp, oil.", "")],
)  # fmt: skip
def test_languages_are_named(text: str, code: str) -> None:
    assert language_in(text) == code


def test_the_full_stop_of_a_title_ends_no_sentence(tmp_path: Path) -> None:
    path = tmp_path / "titles.srt"
    path.write_text(
        rows(
            "1",
            "00:00:01,000 --> 00:00:03,000",
            "MRS. PAZ: Yes. DR. RUIZ: No.",
            "",
            "2",
            "00:00:04,000 --> 00:00:05,000",
            "PAZ: Well.",
        ),
        encoding="utf-8",
    )
    assert [turn.speaker for turn in read_file(path).script.turns()] == ["Mrs. Paz", "Dr. Ruiz", "Paz"]


@pytest.mark.parametrize(
    ("name", "text", "seen"),
    [("prose.txt", rows("Game over: the end.", *(f"\nIt was {hour} o'clock, and nobody came to the door." for hour in ("one", "two", "three", "four"))), "prose"),
     ("stray.txt", rows(*["He had waited at the door for the whole of that evening, and nobody came to it, and so he went.", ""] * 20, "FOR SALE", "it said in thick black letters."), "prose"),
     ("prose.twee", rows(":: Hall [start]", *["He waits.", '"Come in," she said.'] * 12, '"Two words: not now," he cried.', "**End of part 2: The Lamp**", "[[Go->Stairs]]"), "rows of the form"),
     ("prose.ink", rows("=== hall ===", "He waits.", '* "Two words: not now!"[] I cry, laughing.', "-> END"), "rows of the form")],
)  # fmt: skip
def test_a_story_in_which_nobody_is_named_is_refused(name: str, text: str, seen: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScriptError, match=seen):
        read_file(path)


def test_joint_names_split_over_tags_stay_apart(tmp_path: Path) -> None:
    path = tmp_path / "joint.html"
    path.write_text("<html><body><p><b>Tova: </b>Come.</p><p><b>Tova and </b><b>Ilja:</b> We come.</p><p><b>Ilja:</b> Yes.</p></body></html>")  # fmt: skip
    assert [turn.speaker for turn in read_file(path).script.turns()] == ["Tova", "Tova and Ilja", "Ilja"]


def test_a_list_of_names_is_none_of_them() -> None:
    merged = speakers.merge({"Ilja": 40, "Tova, Marit, Ilja": 1, "Rosa": 9, "Rosa, cansada": 2})
    assert merged.name("Tova, Marit, Ilja") == "Tova, Marit, Ilja"
    assert merged.name("Rosa, cansada") == "Rosa"


def test_final_draft_cues_in_the_wrong_style_are_cues(tmp_path: Path) -> None:
    given = [("Character", "Tova"), ("General", "Where is the"), ("General", "lamp?"), ("Action", "ILJA/PORTER"), ("Dialogue", "Under the stairs."),
             ("General", "END OF ACT ONE"), ("Action", "THE STAIRS. DARK."), ("Action", "TOVA"), ("Parenthetical", "(up)"), ("Dialogue", "And the oil?")]  # fmt: skip
    written = "".join(f'<Paragraph Type="{kind}"><Text>{text}</Text></Paragraph>' for kind, text in given)
    path = tmp_path / "styles.fdx"
    path.write_text(f'<FinalDraft DocumentType="Script"><Content>{written}</Content></FinalDraft>')
    found = [(turn.speaker, turn.text) for turn in read_file(path).script.turns()]
    assert found == [("Tova", "Where is the lamp?"), ("Ilja/Porter", "Under the stairs."), ("Tova", "And the oil?")]


def test_a_speaker_of_tei_may_have_a_manner_and_no_who(tmp_path: Path) -> None:
    said = ["L'OMBRE, à Tova.", "UN SOLDAT voyant Ilja mort", "ILJA et TOVA"]
    body = "".join(f"<sp><speaker>{speaker}</speaker><p>Venez.</p></sp>" for speaker in said)
    path = tmp_path / "play.xml"
    path.write_text(f"<TEI><teiHeader/><text><body><div>{body}</div></body></text></TEI>", encoding="utf-8")
    assert [turn.speaker for turn in read_file(path).script.turns()] == ["L'ombre", "Un Soldat", "ILJA et TOVA"]


def test_a_quotation_mark_in_a_name_is_closed() -> None:
    assert name_of('PORTER "RITZ"') == 'Porter "Ritz"'
    assert name_of('"TOVA"') == name_of('"TOVA') == "Tova"


@pytest.mark.parametrize("empty", ["none", "null", "NaN", "N/A", "undefined", ""])
def test_a_cell_without_a_value_is_nobody(empty: str, tmp_path: Path) -> None:
    path = tmp_path / "cells.csv"
    path.write_text(f"speaker,text\nTova,Where is it?\n{empty},The lamp goes out.\nIlja,There.\n", encoding="utf-8")
    assert [turn.speaker for turn in read_file(path).script.turns()] == ["Tova", None, "Ilja"]
