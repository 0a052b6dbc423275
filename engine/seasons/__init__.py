"""Scenes in a row: the proof that a season ends, its play, its saves."""
