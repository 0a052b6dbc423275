"""What the sheets imply, judged without playing: order, opening, beats, facts, and the proof that a season ends."""
