"""Scripts -> troupes: what is written is read back, what cannot be done is refused, and the first scene plays."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import adopt, codes
from engine.adoption import cutting, gather, keyness, naming, wording
from engine.adoption.design import MARK, Design, design
from engine.adoption.fountain import heading, to_fountain
from engine.adoption.portrait import portraits
from engine.adoption.sheets import text as scalar
from engine.adoption.talk import Talk
from engine.adoption.ties import ties
from engine.adoption.trial import trial
from engine.adoption.write import refuse, write
from engine.checks.report import Examination
from engine.corpus import fountain, split
from engine.corpus.text import sayable
from engine.corpus.turns import Scene, Script, Turn
from engine.errors import ScriptError, TroupeError
from engine.learning.plan import Plan, recipe_digest
from engine.sheets.authored import Authored, load
from engine.sheets.recipe import BaseRecipe, Recipe
from engine.speech.agent import Agent, Craft
from engine.stage.production import Theatre
from engine.stage.stage import Stage
from engine.text import normalise, one_line
from engine.troupe import Troupe
from engine.voices.vocabulary import Vocabulary
from engine.voices.voice import ScriptedVoice
from engine.voices.weights import write_weights

LINES = {
    "ROSA": ["Mother, where is the ring?", "I will never sell the boat, mother!", "She lied, mother. Elena lied."],
    "ELENA": ["Be quiet, my child, and eat.", "Come here, Rosa.", "The ring is where Bruno put it. He knows."],
    "BRUNO": ["Listen, ma'am, the boat is gone.", "Wait. I swear it on the harbour, ma'am.", "Your ring, ma'am. As you wish, ma'am."],
}  # fmt: skip


def play(rounds: int = 60) -> str:
    """A play without scenes in which three people speak in turn, no line twice the same."""
    rows = []
    for number in range(rounds):
        for name, lines in LINES.items():
            rows.append(f"{name}: {lines[number % len(lines)]} Number {number}.")
    return "\n".join(rows) + "\n"


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A troupe with nothing but a base of a few thousand random weights."""
    root = tmp_path_factory.mktemp("base")
    for name in ("cast/voices", "corpora", "scenes"):
        (root / name).mkdir(parents=True)
    (root / "cast" / "training.yaml").write_text("base: {width: 12, layers: 1, vocabulary: 500}\n", encoding="utf-8")
    vocabulary = Vocabulary.train([line for lines in LINES.values() for line in lines], "subword", 500)
    generator = np.random.default_rng(3)
    shapes = {
        "embedding": (len(vocabulary), 12),
        "bias": (len(vocabulary),),
        "lstm.0.kernel": (12, 48),
        "lstm.0.recurrent": (12, 48),
        "lstm.0.bias": (48,),
    }
    arrays = {name: generator.normal(0, 0.2, shape).astype(np.float32) for name, shape in shapes.items()}
    recipe = Troupe(root).recipe.base.model_dump_json()
    voices = root / "cast" / "voices"
    header = {
        "level": "subword",
        "vocabulary": vocabulary.fingerprint,
        "inputs": recipe_digest(Troupe(root).recipe.base),
        "recipe": recipe,
        "figures": "{}",
    }
    write_weights(voices / "base.safetensors", arrays, header)
    (voices / "tokenizer.json").write_text(vocabulary.to_json(), encoding="utf-8")
    (voices / "lexicon.txt").write_text("the\nring\n", encoding="utf-8")
    return root


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "the-ring.txt"
    path.write_text(play(), encoding="utf-8")
    return path


def designed(path: Path, **options: int) -> Design:
    found = gather.gather([path], path.parent / "out")
    return design(found, gather.cast(found, **options), BaseRecipe(width=12, layers=1, vocabulary=500))


def talk_of(*scenes: list[tuple[str, str]], people: dict[str, str], language: str = "en") -> Talk:
    parts = tuple(Scene("A room", tuple(Turn(who, line) for who, line in scene)) for scene in scenes)
    return Talk([Script(Path("x"), "X", parts, language)], people, {}, language)


# -- names ---------------------------------------------------------------------------------------------------------


@given(st.text(max_size=30))
def test_a_cue_name_is_stable_and_has_a_capital_if_its_letters_have_any(label: str) -> None:
    name = naming.cue_name(label, "en")
    assert naming.cue_name(name, "en") == name
    assert not name or any(char.isupper() for char in name) or not any(char.islower() for char in name)


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("MRS. LINDE", "Mrs. Linde"),
        ("bob", "Bob"),
        ("3", "Speaker 3"),
        ("...", ""),
        ("JANE (V.O.)", "Jane"),
        ("jon of the lantern", "Jon of the Lantern"),
        ("花子", "花子"),
        ("МАРИТ", "Марит"),
    ],
)
def test_cue_name(label: str, name: str) -> None:
    assert naming.cue_name(label, "en") == name


@given(st.lists(st.text(max_size=12), unique=True, max_size=12))
def test_ids_are_files_and_no_two_alike(names: list[str]) -> None:
    ids = naming.ids(names)
    assert len({who.casefold() for who in ids.values()}) == len(names)
    assert all(who.isascii() and who.replace("_", "").isalnum() for who in ids.values())


def test_ids_keep_clear_of_other_files() -> None:
    assert naming.ids(["Training", "Base", "Mrs. Linde", "Mrs Linde", "Máximo"]) == {
        "Training": "training_2", "Base": "base_2", "Mrs. Linde": "mrs_linde", "Mrs Linde": "mrs_linde_2", "Máximo": "maximo",
    }  # fmt: skip


def test_aliases_are_no_ordinary_words() -> None:
    names = ["Man in a Suit", "Jane Villanueva", "Coral Villanueva"]
    found = naming.aliases(names, {}, Counter(["man", "suit"]))
    assert found == {"Man in a Suit": (), "Jane Villanueva": ("Jane",), "Coral Villanueva": ("Coral",)}


class Sheet(Authored):
    value: str


@given(value=st.text(max_size=40))
def test_a_scalar_is_read_back(tmp_path_factory: pytest.TempPathFactory, value: str) -> None:
    file = tmp_path_factory.getbasetemp() / "scalar.yaml"
    file.write_text(f"value: {scalar(value)}\n", encoding="utf-8", newline="\n")
    assert load(file, Sheet).value.value == one_line(value)


# -- Fountain ------------------------------------------------------------------------------------------------------

_NAMES = st.text(min_size=1, max_size=16).map(lambda label: naming.cue_name(label, "en")).filter(bool)
_TEXTS = (
    st.one_of(st.text(max_size=60), st.text(alphabet="ab (*)_[]/\\~#.!@MORE\n-", max_size=30))
    .map(normalise)
    .filter(sayable)
)
_TURNS = st.builds(
    Turn,
    _NAMES,
    _TEXTS,
    st.one_of(st.none(), st.sampled_from(codes.TONES)),
    st.one_of(st.none(), st.sampled_from(["María", "Mrs. Linde", "Rosa"])),
)
_SCENES = st.builds(
    Scene,
    st.text(max_size=20),
    st.lists(_TURNS, min_size=1, max_size=4).map(tuple),
    st.one_of(st.none(), st.sampled_from(codes.ARCS)),
)


@settings(max_examples=120, deadline=None)
@given(st.lists(_SCENES, min_size=1, max_size=3))
def test_what_is_written_is_read_back(scenes: list[Scene]) -> None:
    headed = tuple(Scene(heading(scene.heading, n), scene.turns, scene.arc) for n, scene in enumerate(scenes, 1))
    written = Script(Path("x.fountain"), "A title", headed, "es")
    found = fountain.read(to_fountain(written), Path("x.fountain"))
    assert (found.title, found.language) == ("A title", "es")
    assert [(scene.heading, scene.arc) for scene in found.scenes] == [(scene.heading, scene.arc) for scene in headed]
    plain = [[(t.speaker, t.text, t.tone, t.addressee) for t in scene.turns] for scene in headed]
    assert [[(t.speaker, t.text, t.tone, t.addressee) for t in scene.turns] for scene in found.scenes] == plain
    # So a scene falls into the same part of the split before and after.
    assert [split.key(scene) for scene in found.scenes] == [split.key(scene) for scene in headed]


# -- cutting, keyness, portraits, ties -----------------------------------------------------------------------------


def test_a_long_scene_is_cut_so_that_every_lead_is_held_out_somewhere(script: Path) -> None:
    made = designed(script, least=10)
    turns = [turn for scene in made.scripts[0].scenes for turn in scene.turns]
    assert len(turns) == 180
    parts: dict[str, Counter[str | None]] = {"train": Counter(), "validation": Counter(), "test": Counter()}
    for scene in made.scripts[0].scenes:
        parts[split.part(split.key(scene))].update(turn.speaker for turn in scene.turns)
    for part in ("test", "validation"):
        assert all(parts[part][name] for name in ("Rosa", "Elena", "Bruno"))
    assert max(len(scene.turns) for scene in made.scripts[0].scenes) <= 1.5 * max(cutting.LENGTHS)


def test_keyness_finds_what_is_hers_and_not_what_is_everybodys() -> None:
    own = Counter({"boat": 12, "the": 200, "and": 180, "ring": 3})
    everybody = Counter({"boat": 13, "the": 1000, "and": 900, "ring": 60})
    assert [key.text for key in keyness.keys(own, everybody)] == ["boat"]
    assert keyness.keys(own, own) == []


def test_a_portrait_shows_length_pronoun_and_partners() -> None:
    people = {"rosa": "Rosa", "elena": "Elena", "bruno": "Bruno"}
    scene = [
        ("Rosa", "Yes."),
        ("Bruno", "I saw Elena yesterday. She lost her hat and her gloves, I am told, on the way."),
        ("Rosa", "No."),
    ] * 4
    found = portraits(talk_of(scene, [("Elena", "Who is there?"), ("Rosa", "Nobody.")], people=people))
    assert (found["rosa"].median, found["rosa"].lines) == (1, 9)
    assert (found["elena"].pronoun, found["elena"].pronoun_sure) == ("she", True)
    assert (found["bruno"].pronoun, found["bruno"].pronoun_sure) == ("they", False)
    assert found["bruno"].partners[0] == ("rosa", 1.0)
    assert found["rosa"].talkativeness > found["bruno"].talkativeness


def test_kin_is_what_the_script_says_and_tells_the_other_side() -> None:
    people = {"rosa": "Rosa", "elena": "Elena", "bruno": "Bruno"}
    talk = talk_of(
        [("Rosa", "Mother, listen."), ("Elena", "I hear."), ("Rosa", "No, mother."), ("Elena", "So?")] * 2,
        people=people,
    )
    bonds = {(who, bond.to): bond.kind for who, found in ties(talk, {}).items() for bond in found}
    assert bonds == {("rosa", "elena"): "mother", ("elena", "rosa"): "child"}


def test_hostile_words_cool_a_tie_and_warm_words_heat_it() -> None:
    people = {"rosa": "Rosa", "elena": "Elena", "bruno": "Bruno"}
    warm = [("Rosa", "I love you, dear friend."), ("Elena", "The soup is on the table.")] * 12
    cold = [("Rosa", "You liar! I hate you!"), ("Bruno", "The boat is in the harbour.")] * 12
    found = {bond.to: bond for bond in ties(talk_of(warm, cold, people=people), {})["rosa"]}
    assert found["elena"].affection > 0.2 > -0.2 > found["bruno"].affection
    assert found["bruno"].heat > found["elena"].heat
    assert found["bruno"].kind == "rival"


def test_nicknames_are_learned_from_calls() -> None:
    people = {"helmer": "Helmer", "nora": "Nora"}
    talk = talk_of([("Nora", "But, Torvald, the tree."), ("Helmer", "What is it, Nora?")] * 5, people=people)
    assert talk.nicknames({}) == {"helmer": ("Torvald",)}
    assert talk.nicknames({"torvald": 1}) == {}


@given(st.text(max_size=80))
def test_wording_takes_any_text(text: str) -> None:
    assert wording.commands(text) <= len(wording.sentences(text)) + 1
    assert all(word == word.casefold() for word in wording.appellations(text))


# -- gathering -----------------------------------------------------------------------------------------------------


def test_who_gets_a_voice(script: Path) -> None:
    found = gather.gather([script])
    assert gather.cast(found).voices == ()
    assert gather.cast(found, least=60).voices == ("Bruno", "Elena", "Rosa")
    assert gather.cast(found, speakers=1, least=60).voices == ("Bruno",)
    assert gather.cast(found, speakers=1, least=60).bits == ("Elena", "Rosa")


def test_unowned_lines_are_a_voice_of_the_show_and_nobodys(tmp_path: Path) -> None:
    path = tmp_path / "night.srt"
    rows = [
        f"{n}\n00:{n // 60:02}:{n % 60:02},000 --> 00:{n // 60:02}:{n % 60:02},900\nThis is caption number {n}.\n"
        for n in range(1, 61)
    ]
    path.write_text("\n".join(rows), encoding="utf-8")
    made = designed(path)
    assert made.company.whole
    assert made.company.sheets == ("Voice of Night", "Second Voice of Night")
    assert made.company.ids["Voice of Night"] == "night"
    assert made.gathered.unowned == made.gathered.lines == 60


def test_files_without_dialogue_are_left_out_and_said_so(script: Path) -> None:
    empty = script.parent / "empty.txt"
    empty.write_text("", encoding="utf-8")
    assert gather.gather([script, empty]).skipped == (f"{empty}: the file is empty",)
    with pytest.raises(ScriptError, match="the file is empty"):
        gather.gather([empty])
    with pytest.raises(ScriptError, match="no such file"):
        gather.gather([script, script.parent / "absent.txt"])


# -- writing -------------------------------------------------------------------------------------------------------


def test_a_troupe_is_written_whole_and_passes_its_own_checks(script: Path, base: Path, tmp_path: Path) -> None:
    made = designed(script, least=10)
    troupe = write(made, tmp_path / "out", Troupe(base))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "the-ring.txt"]
    assert sorted(troupe.personas) == ["bruno", "elena", "rosa"]
    assert troupe.personas["rosa"].relations["elena"].kind == "mother"
    assert (tmp_path / "out/corpora/the_ring/speakers/rosa.txt").read_text("utf-8").count("\n") == 60
    assert "The text is whoever's it was" in (tmp_path / "out/README.md").read_text("utf-8")
    examination = Examination(troupe.root)
    report = examination.report(examination.everything)
    assert report.faults == []
    assert sorted(Plan(troupe).jobs) == ["bruno", "elena", "rosa", "show.the_ring.en"]
    assert load(troupe.root / "cast" / "training.yaml", Recipe).value.base.width == 12


def test_the_first_scene_plays(script: Path, base: Path, tmp_path: Path) -> None:
    troupe = write(designed(script, least=10), tmp_path / "out", Troupe(base))
    theatre = Theatre(troupe)
    vocabulary = theatre.company.grounds.shared.vocabulary
    spoken = ScriptedVoice("x", vocabulary, [f"{word} {number}." for number in range(40) for word in ("Boat", "Ring")])
    agents = {who: Agent(who, persona, spoken, spoken, Craft()) for who, persona in troupe.personas.items()}
    entries = list(Stage(theatre.production(troupe.root / "scenes" / "first.yaml", 1, agents=agents)).play())
    assert {entry.speaker for entry in entries if entry.kind == "line"} == {"Rosa", "Elena", "Bruno"}
    tried = trial(Plan(troupe), "rosa", agents["rosa"], seed=1)
    assert tried.base is not None
    assert tried.base == pytest.approx(tried.own)  # not trained: the show speaks with the base
    assert len(tried.samples) == 3


def test_one_speaker_gets_a_partner(tmp_path: Path, base: Path) -> None:
    path = tmp_path / "solo.txt"
    path.write_text("".join(f"ROSA: I talk to the wall, for the {n}th time.\n" for n in range(30)), encoding="utf-8")
    troupe = write(designed(path), tmp_path / "out", Troupe(base))
    assert sorted(persona.name for persona in troupe.personas.values()) == ["Rosa", "Second Voice of Solo"]


def test_a_broken_run_leaves_nothing(script: Path, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(troupe: Troupe) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("engine.adoption.write._check", fail)
    with pytest.raises(KeyboardInterrupt):
        write(designed(script), tmp_path / "out", Troupe(base))
    assert [path.name for path in tmp_path.iterdir()] == ["the-ring.txt"]


# -- the command ---------------------------------------------------------------------------------------------------


def run(*arguments: object) -> int:
    return adopt.main([str(argument) for argument in arguments])


def test_dry_run_reports_and_writes_nothing(script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(script, "--dry-run") == 0
    shown = capsys.readouterr().out
    assert "The Ring (en)" in shown
    assert "Nothing was written (--dry-run)." in shown
    assert [path.name for path in script.parent.iterdir()] == ["the-ring.txt"]


def test_nothing_is_overwritten_without_force(script: Path, base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    to = script.parent / "out"
    common = (script, "--to", to, "--base", base, "--no-train")
    assert run(*common) == 0
    sheet = to / "cast" / "rosa.yaml"
    sheet.write_text(sheet.read_text("utf-8").replace("Rosa", "Rosalind"), encoding="utf-8")
    assert run(*common) == 2
    assert (
        capsys.readouterr().err
        == f"{to}: there is a troupe already; --force replaces it, sheets, scenes and voices and all, "
        "and what was changed since: cast/rosa.yaml\n"
    )
    assert "Rosalind" in sheet.read_text("utf-8")
    assert run(*common, "--force") == 0
    assert "Rosalind" not in sheet.read_text("utf-8")
    assert sorted(path.name for path in script.parent.iterdir()) == ["out", "the-ring.txt"]


def test_what_adopt_did_not_make_it_never_replaces(
    script: Path, base: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to = script.parent / "photos"
    to.mkdir()
    (to / "one.jpg").write_bytes(b"x")
    assert run(script, "--to", to, "--base", base, "--force", "--no-train") == 2
    assert "a folder with files in it that engine.adopt did not make" in capsys.readouterr().err
    assert (to / "one.jpg").is_file()
    (to / MARK).write_text("{}", encoding="utf-8")
    inside = to / "play.txt"
    inside.write_text(play(), encoding="utf-8")
    assert run(inside, "--to", to, "--base", base, "--force", "--no-train") == 2
    assert "move the script out of it" in capsys.readouterr().err
    assert inside.is_file()


def test_no_dialogue_is_refused_with_an_example(tmp_path: Path, base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "empty.fountain"
    path.write_text("INT. KITCHEN - NIGHT\n\nNobody is here.\n", encoding="utf-8")
    assert run(path, "--to", tmp_path / "out", "--base", base) == 2
    shown = capsys.readouterr().err
    assert "no dialogue found: looked for" in shown
    assert "MARÍA" in shown
    assert not (tmp_path / "out").exists()


def test_a_base_that_is_missing_is_said_before_anything_is_written(
    script: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = tmp_path / "bare"
    for name in ("cast", "corpora", "scenes"):
        (bare / name).mkdir(parents=True)
    assert run(script, "--to", tmp_path / "out", "--base", bare) == 2
    assert "the voice 'base' is not there" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_refusing_a_file_in_the_way(script: Path) -> None:
    with pytest.raises(TroupeError, match="there is a file of this name"):
        refuse(script, [], True)


@pytest.mark.slow
def test_sixty_thousand_lines_in_twenty_seconds(tmp_path: Path, base: Path) -> None:
    generator = np.random.default_rng(1)
    words = ["".join(generator.choice(list("abcdeiorst"), 5)) for _ in range(4000)]
    people = [f"PERSON {letter}" for letter in "ABCDEFGHIJKLMNOPQRST"]
    path = tmp_path / "season.txt"
    picked, lengths = generator.integers(0, 20, 60_000), generator.integers(3, 18, 60_000)
    rows = [
        f"{people[who]}: {' '.join(generator.choice(words, length)).capitalize()}."
        for who, length in zip(picked, lengths, strict=True)
    ]
    path.write_text("\n".join(rows), encoding="utf-8")
    started = time.monotonic()
    assert run(path, "--to", tmp_path / "out", "--base", base, "--no-train") == 0
    assert time.monotonic() - started < 20


@pytest.mark.slow
def test_a_toy_troupe_is_trained_and_tried(script: Path, base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    to = script.parent / "out"
    assert run(script, "--to", to, "--base", base, "--min-lines", 40) == 0
    shown = capsys.readouterr().out
    assert "Perplexity a word" in shown
    assert shown.count("ROSA: ") == 3
    plan = Plan(Troupe(to))
    assert {state.state for state in plan.states() if state.name not in {"base", "choice"}} == {"fresh"}
