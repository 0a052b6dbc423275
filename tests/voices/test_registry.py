from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine import codes
from engine.errors import VoiceError
from engine.learning.plan import Plan
from engine.troupe import Troupe
from engine.voices.grounds import Grounds
from engine.voices.network import Arrays, Network
from engine.voices.registry import DIRECTOR, Registry, person_voice, sense_name, show_voice
from engine.voices.sense import Sense
from engine.voices.vocabulary import Vocabulary
from engine.voices.weights import write_weights
from tests.conftest import toy_arrays, toy_change, write_voices


def test_a_library_loads_a_voice_of_base_show_and_own(voiced: Troupe, vocabulary: Vocabulary) -> None:
    registry = Registry(voiced.voices)
    assert registry.names == ["ana", "bruno", "carla", "dario", "show.hotel.en", "show.house.en"]
    assert registry.lineage("ana") == ["base", "show.house.en", "ana"]
    assert registry.vocabulary.fingerprint == vocabulary.fingerprint
    voice = registry.load("ana")
    assert voice is registry.load("ana")
    changes = [registry.arrays(name) for name in ("show.house.en", "ana")]
    expected = Network(registry.arrays("base"), changes).run(np.array([[1], [2]]), voice.network.zero())[0]
    assert np.array_equal(voice.network.run(np.array([[1], [2]]), voice.network.zero())[0], expected)
    assert registry.file("ana").parent == "show.house.en"
    assert registry.file("ana").figures == {}


def test_a_voice_that_is_not_there(voiced: Troupe) -> None:
    path = voiced.voices / "ana.safetensors"
    path.unlink()
    with pytest.raises(VoiceError) as raised:
        Registry(voiced.voices).load("ana")
    assert str(raised.value) == f"{path}: the voice 'ana' is not there; train it: python -m engine.train ana"
    (voiced.voices / "base.safetensors").unlink()
    with pytest.raises(VoiceError, match=r"the voice 'base' is not there; train it: python -m engine.train --base$"):
        Registry(voiced.voices).load("bruno")


@pytest.mark.parametrize(
    "damage", [lambda data: b"", lambda data: data[:40], lambda data: data[:-7], lambda data: b"x" * 99]
)
def test_a_corrupt_voice(voiced: Troupe, damage: object) -> None:
    path = voiced.voices / "ana.safetensors"
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    with pytest.raises(VoiceError) as raised:
        Registry(voiced.voices).load("ana")
    assert str(raised.value).startswith(f"{path}: the voice 'ana' is corrupt (")
    assert str(raised.value).endswith("; train it again: python -m engine.train ana")


def test_a_voice_of_another_base(voiced: Troupe, vocabulary: Vocabulary) -> None:
    header = {"level": "subword", "vocabulary": vocabulary.fingerprint}
    write_weights(voiced.voices / "base.safetensors", toy_arrays(len(vocabulary), seed=9), header)
    with pytest.raises(VoiceError, match="trained on another 'base' than the one here; train it again"):
        Registry(voiced.voices).load("ana")


def test_weights_that_make_no_voice(voiced: Troupe, vocabulary: Vocabulary) -> None:
    header = {"level": "subword", "vocabulary": vocabulary.fingerprint}
    write_weights(voiced.voices / "base.safetensors", toy_arrays(7), header)
    with pytest.raises(VoiceError, match=r"not a voice \(its vocabulary is of another size\)"):
        Registry(voiced.voices).load("base")
    write_weights(voiced.voices / "base.safetensors", {"x": np.zeros(3)}, header)
    with pytest.raises(
        VoiceError,
        match=r"is corrupt \(it has no embedding of words and width\); train it again: python -m engine.train --base",
    ):
        Registry(voiced.voices).load("base")


def test_a_tokenizer_of_another_base(voiced: Troupe) -> None:
    other = Vocabulary.train(["zebra zebra"], "subword", 420)
    (voiced.voices / "tokenizer.json").write_text(other.to_json(), encoding="utf-8")
    with pytest.raises(VoiceError, match=r"tokenizer\.json: not the tokenizer of this base"):
        Registry(voiced.voices).load("ana")


def test_the_director_is_no_voice(voiced: Troupe) -> None:
    registry = Registry(voiced.voices)
    assert registry.director() is None
    path = voiced.voices / f"{DIRECTOR}.safetensors"
    write_weights(path, toy_arrays(len(codes.SPECIAL), width=8, layers=1), {})
    network = registry.director()
    assert network is not None
    assert network.vocabulary == len(codes.SPECIAL)
    assert DIRECTOR not in registry.names


def test_a_director_of_other_codes(voiced: Troupe) -> None:
    path = voiced.voices / f"{DIRECTOR}.safetensors"
    write_weights(path, toy_arrays(73, width=8, layers=1), {})
    with pytest.raises(VoiceError) as raised:
        Registry(voiced.voices).director()
    assert str(raised.value) == (
        f"{path}: not a director (its codes are others than today's); python -m engine.train trains it again"
    )


def test_sense_is_of_one_base_and_nobodys_voice(voiced: Troupe) -> None:
    registry, name = Registry(voiced.voices), sense_name("en")
    assert registry.sense("en") is None
    path, width = voiced.voices / f"{name}.safetensors", registry.load("base").network.width
    grown = {"grown_from": registry.file("base").fingerprint}
    write_weights(path, Sense(np.ones(width, np.float32), 0.5).arrays(), grown)
    found = registry.sense("en")
    assert found is not None
    assert (found.weight.tolist(), found.bias) == ([1.0] * width, 0.5)
    assert registry.sense("es") is None
    assert registry.senses == [name]
    assert name not in registry.names
    write_weights(path, Sense(np.ones(width, np.float32), 0.5).arrays(), {"grown_from": "0" * 12})
    assert Registry(voiced.voices).sense("en") is None
    write_weights(path, Sense(np.ones(width + 1, np.float32), 0.5).arrays(), grown)
    with pytest.raises(VoiceError) as raised:
        Registry(voiced.voices).sense("en")
    assert str(raised.value) == (
        f"{path}: the voice '{name}' is corrupt (sense.weight is {width + 1} and should be {width});"
        " train it again: python -m engine.train"
    )


def test_what_is_written_anew_is_read_anew(voiced: Troupe, vocabulary: Vocabulary) -> None:
    registry = Registry(voiced.voices)
    before = registry.load("ana")
    registry.forget("ana")
    assert registry.load("ana") is not before


@pytest.mark.parametrize("who", ["base", "director", "sense.en", "Base", "show.house.en", "ana.voice"])
def test_nobody_is_called_like_a_file_that_is_not_hers(who: str) -> None:
    assert person_voice(who) == f"{who}.voice"
    assert person_voice("ana") == "ana"


def test_a_character_called_director_leaves_the_director_alone(troupe: Troupe, vocabulary: Vocabulary) -> None:
    (troupe.root / "cast" / "ana.yaml").rename(troupe.root / "cast" / "director.yaml")
    for sheet in (troupe.root / "cast").glob("*.yaml"):
        sheet.write_text(sheet.read_text().replace("ana: {kind", "director: {kind"))
    troupe = Troupe(troupe.root)
    write_voices(troupe, vocabulary)
    plan = Plan(troupe)
    assert [name for name, job in plan.jobs.items() if job.speakers == ("director",)] == ["director.voice"]
    assert plan.chosen(["director"])[-1].name == "director.voice"
    # As an older version wrote it: her voice under the director's name. The troupe loads, and she speaks with her show.
    assert Registry(troupe.voices).director() is None
    assert Grounds(troupe).voice_of("director") == "show.house.en"
    (troupe.voices / "director.safetensors").rename(troupe.voices / "director.voice.safetensors")
    assert Grounds(troupe).voice_of("director") == "director.voice"
    assert Registry(troupe.voices).load("director.voice").name == "director.voice"


def test_the_name_of_a_show_leads_out_of_no_folder() -> None:
    assert show_voice("house", "en") == "show.house.en"
    assert show_voice("", "es") == "show.all.es"
    assert show_voice("a/../b", "en") != show_voice("a_.._b", "en")
    assert "/" not in show_voice("/../x", "en")
    assert len(show_voice("x" * 300, "en")) < 120
    with pytest.raises(VoiceError, match="is no name of a voice"):
        Registry(Path("voices")).file("../../secret")


def broken(change: Arrays, what: str) -> Arrays:
    """A change with one thing wrong with it, as its file could have it with a header that fits."""
    match what:
        case "lstm.0.bias is 64 by 64 and should be 64":
            return {**change, "lstm.0.bias": np.zeros((64, 64), np.float32)}
        case "words.down is 1 by 2":
            return {**change, "words.down": change["words.down"][:1]}
        case "words.up is missing":
            return {name: value for name, value in change.items() if name != "words.up"}
        case "lstm.7.bias does not belong there":
            return {**change, "lstm.7.bias": change["lstm.0.bias"]}
        case "bias is 1 and should be":
            return {**change, "bias": np.array(1.0, np.float32)}
    return {**change, "bias": np.where(np.arange(len(change["bias"])) == 3, np.nan, change["bias"]).astype(np.float32)}


@pytest.mark.parametrize(
    "what",
    [
        "lstm.0.bias is 64 by 64 and should be 64",
        "words.down is 1 by 2",
        "words.up is missing",
        "lstm.7.bias does not belong there",
        "bias is 1 and should be",
        "bias holds numbers that are not finite",
    ],
)
def test_a_change_that_does_not_fit_the_base_is_told_before_it_speaks(
    voiced: Troupe, vocabulary: Vocabulary, what: str
) -> None:
    header = dict(Registry(voiced.voices).file("ana").metadata)
    change = broken(toy_change(len(vocabulary)), what)
    write_weights(voiced.voices / "ana.safetensors", change, header)
    with pytest.raises(VoiceError, match=rf"ana\.safetensors: the voice 'ana' is corrupt \({what}.*train ana$"):
        Registry(voiced.voices).load("ana")


def test_a_bit_that_has_flipped_is_noticed(voiced: Troupe) -> None:
    path = voiced.voices / "ana.safetensors"
    data = bytearray(path.read_bytes())
    data[-9] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(VoiceError, match="its numbers are not those that were saved"):
        Registry(voiced.voices).load("ana")


def test_a_director_of_other_sizes_is_told(voiced: Troupe) -> None:
    write_weights(voiced.voices / "director.safetensors", toy_arrays(3) | {"lstm.0.bias": np.zeros(1)}, {})
    with pytest.raises(
        VoiceError, match=r"\(lstm\.0\.bias is 1 and should be 64\); train it again: python -m engine\.train$"
    ):
        Registry(voiced.voices).director()


def test_the_base_says_in_which_languages_it_has_learned_gists(voiced: Troupe) -> None:
    registry = Registry(voiced.voices)
    assert registry.gists == {"en"}
    header = {**registry.file("base").metadata, "gists": "en es"}
    arrays = registry.arrays("base")
    write_weights(voiced.voices / "base.safetensors", arrays, header)
    assert Registry(voiced.voices).gists == {"en", "es"}
