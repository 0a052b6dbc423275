"""From text to voices: vocabulary, streams of coded lines, the network in numpy, sampling, and what is measured of a line."""
