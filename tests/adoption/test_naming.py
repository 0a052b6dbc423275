from __future__ import annotations

from engine.adoption import naming


def test_an_id_is_no_file_that_means_something_else() -> None:
    assert naming.ids(["Critic", "Director", "Base", "Training", "Com1"]) == {
        "Critic": "critic_2",
        "Director": "director_2",
        "Base": "base_2",
        "Training": "training_2",
        "Com1": "com1_2",
    }


def test_a_show_called_like_somebody_or_like_a_file_gets_another_id() -> None:
    assert naming.free_id("hotel", ["ana"]) == "hotel"
    assert naming.free_id("training", []) == "training_voice"
    assert naming.free_id("hotel", ["hotel", "hotel_voice"]) == "hotel_voice_voice"
