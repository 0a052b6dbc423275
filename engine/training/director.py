"""Trains the director: a small language model over frames, which has no words to look after.

A scene of 25 lines is some 150 symbols: accuse, deny, prove, confess can be learned where a word-level network has
forgotten the second line (plan and write, Yao et al. 2019). The network and its training are those of a base; its
vocabulary are the codes. Who speaks and to whom is given; act, tone, gist and topics are what it learns to propose.
"""

from __future__ import annotations

import numpy as np

from engine import codes
from engine.voices.sequences import FRAME_CODES


def proposed() -> np.ndarray:
    """Which codes the loss counts (1.0): those of a frame and its end; (0.0) those that say who speaks to whom."""
    return np.array([float(token in FRAME_CODES or token == codes.END) for token in codes.SPECIAL], np.float32)
