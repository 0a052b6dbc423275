"""Telenovela: a troupe of small LSTMs, one a character, who play scenes together.

    script file -> turns -> one dataset a speaker -> voice (weights) -> agent -> stage -> performance

The LSTM carries the voice; the graph, the knowledge, the beats and the choice among many candidates
carry the story.
"""

__version__ = "0.1.0"
