from __future__ import annotations

from engine.troupe import Troupe
from engine.voices.grounds import Grounds
from tests.two_grounds import add_spanish, write_ground


def test_who_has_no_voice_of_her_own_speaks_with_the_nearest(voiced: Troupe) -> None:
    grounds = Grounds(voiced)
    assert (grounds.voice_of("dario"), grounds.borrowed("dario")) == ("dario", "")
    (voiced.voices / "dario.safetensors").unlink()
    assert (grounds.voice_of("dario"), grounds.borrowed("dario")) == ("show.hotel.en", "show.hotel.en")
    (voiced.voices / "show.hotel.en.safetensors").unlink()
    assert grounds.voice_of("dario") == "base"


def test_a_language_with_a_base_of_its_own_stands_on_it_and_the_others_share_theirs(voiced: Troupe) -> None:
    troupe = add_spanish(voiced)
    assert list(Grounds(troupe).all) == [""]
    assert Grounds(troupe).whose("eva").folder == troupe.voices
    vocabulary = write_ground(troupe)
    grounds = Grounds(troupe)
    assert list(grounds.all) == ["", "es"]
    assert grounds.of("es") is grounds.whose("eva") is not grounds.shared
    assert grounds.of("en") is grounds.of("fr") is grounds.whose("ana") is grounds.shared
    assert (grounds.voice_of("eva"), grounds.voice_of("raul"), grounds.voice_of("ana")) == ("eva", "base", "ana")
    assert (grounds.label("es", "base"), grounds.label("en", "base")) == ("es/base", "base")
    assert grounds.of("es").load("eva").vocabulary.fingerprint == vocabulary.fingerprint
    assert grounds.shared.vocabulary.fingerprint != vocabulary.fingerprint


def test_a_voice_on_the_shared_base_is_not_hers_who_stands_on_another(voiced: Troupe) -> None:
    """Nobody speaks tokens that her base does not know."""
    troupe = add_spanish(voiced)
    (troupe.voices / "raul.safetensors").write_bytes((troupe.voices / "ana.safetensors").read_bytes())
    assert Grounds(troupe).voice_of("raul") == "raul"
    write_ground(troupe)
    assert Grounds(troupe).voice_of("raul") == "base"


def test_a_folder_without_a_base_is_no_ground(voiced: Troupe) -> None:
    voiced.ground("es").mkdir()
    (voiced.ground("es") / ".base.checkpoint").write_bytes(b"x")
    assert Grounds(voiced).own == {}
