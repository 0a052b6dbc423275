"""Telenovela: a troupe of small LSTMs, one a character, who play scenes together.

    script file -> turns -> one dataset a speaker -> voice (weights) -> agent -> stage -> performance

The LSTM carries the voice; the graph, the knowledge, the beats and the choice among many candidates
carry the story.
"""

import os

# One network on one core: its matrices are small, and threads that wait for each other on a busy laptop cost more
# than they bring (32 streams: a third of the speed with two). Read when numpy is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
