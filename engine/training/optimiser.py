"""One step of AdamW with clipped gradients: the only optimiser here, for bases, shows, characters and the director."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import tensorflow as tf

BETA1, BETA2, TINY = 0.9, 0.99, 1e-8


class Optimiser:
    """AdamW (Loshchilov and Hutter 2019) on named variables; biases are not decayed."""

    def __init__(self, variables: Mapping[str, tf.Variable], decay: float, clip: float):
        self.variables, self.decay, self.clip = dict(variables), decay, clip
        self.first = {name: tf.Variable(tf.zeros_like(value)) for name, value in variables.items()}
        self.second = {name: tf.Variable(tf.zeros_like(value)) for name, value in variables.items()}

    def apply(self, gradients: Sequence[tf.Tensor], names: Sequence[str], rate: tf.Tensor, step: tf.Tensor) -> None:
        """Move the variables `names` by their gradients; `step` counts from 1."""
        dense = [tf.convert_to_tensor(gradient) for gradient in gradients]
        clipped, _ = tf.clip_by_global_norm(dense, self.clip)
        for name, gradient in zip(names, clipped, strict=True):
            variable, first, second = self.variables[name], self.first[name], self.second[name]
            first.assign(BETA1 * first + (1 - BETA1) * gradient)
            second.assign(BETA2 * second + (1 - BETA2) * tf.square(gradient))
            scaled = rate * tf.sqrt(1 - BETA2**step) / (1 - BETA1**step)
            change = scaled * first / (tf.sqrt(second) + TINY)
            if len(variable.shape) > 1 and self.decay:
                change += rate * self.decay * variable
            variable.assign_sub(change)

    def reset(self) -> None:
        """Forget all moments: another voice begins."""
        for moments in (self.first, self.second):
            for variable in moments.values():
                variable.assign(tf.zeros_like(variable))

    def state(self) -> dict[str, np.ndarray]:
        """What a resumed run needs."""
        saved = {f"first/{name}": variable.numpy() for name, variable in self.first.items()}
        return saved | {f"second/{name}": variable.numpy() for name, variable in self.second.items()}

    def restore(self, saved: Mapping[str, np.ndarray]) -> None:
        for group, variables in (("first", self.first), ("second", self.second)):
            for name, variable in variables.items():
                variable.assign(saved[f"{group}/{name}"])
