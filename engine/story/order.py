"""Which beats of a scene come before which, and who can be on stage when. Plays nothing.

A beat without `when` comes after the one written before it; a beat with `when` comes after those that it names, and
otherwise at any time. What that leaves open is left open: somebody is certainly on stage, possibly, or not at all.
"""

from __future__ import annotations

from collections.abc import Collection

import networkx as nx

from engine.sheets.scenario import Scenario

#: Stands for the beginning of the scene among the beats' numbers.
_START = -1


class BeatOrder:
    """The beats of one scene by number, in the order written; nothing here trusts that the sheet is sound."""

    def __init__(self, scenario: Scenario):
        self.beats = scenario.beats
        self.start = scenario.opening()
        self._numbers: dict[str, int] = {}
        for number, beat in enumerate(self.beats):
            self._numbers.setdefault(beat.name, number)
        waits: nx.DiGraph[int] = nx.DiGraph()
        waits.add_nodes_from(range(len(self.beats)))
        for number, beat in enumerate(self.beats):
            if beat.when is None:
                waits.add_edges_from([(number - 1, number)] if number else [])
            else:
                waits.add_edges_from((self._numbers[name], number) for name in beat.when.after if name in self._numbers)
        self._before = [frozenset(nx.ancestors(waits, number)) for number in waits]
        self._circular = {n for part in nx.strongly_connected_components(waits) if len(part) > 1 for n in part}
        self._circular |= set(nx.nodes_with_selfloops(waits))

    def before(self, number: int) -> frozenset[int]:
        """The beats that have certainly been played when this one begins."""
        return self._before[number]

    def circular(self, number: int) -> bool:
        """Whether this beat waits for itself."""
        return number in self._circular

    def not_after(self, number: int) -> list[int]:
        """The other beats that may have been played when this one begins."""
        repeats = self.beats[number].repeat
        return [n for n in range(len(self.beats)) if n != number and (repeats or number not in self._before[n])]

    def possible(self, who: str, number: int) -> bool:
        """Whether somebody can be on stage when this beat begins."""
        beat = self.beats[number]
        if beat.repeat and who in beat.enter:
            return True
        arrivals = [_START] if who in self.start else []
        arrivals += [n for n in self.not_after(number) if who in self.beats[n].enter]
        gone = [n for n in self._before[number] if who in self.beats[n].leave]
        return any(not self._undone(arrival, gone) for arrival in arrivals)

    def certain(self, who: str, number: int) -> bool:
        """Whether somebody is on stage when this beat begins, however the scene goes."""
        beat = self.beats[number]
        if beat.repeat:
            return False
        arrivals = [_START] if who in self.start else []
        arrivals += [n for n in self._before[number] if who in self.beats[n].enter]
        departures = [n for n in self.not_after(number) if who in self.beats[n].leave]
        return any(all(self._earlier(away, arrival) for away in departures) for arrival in arrivals)

    def _undone(self, arrival: int, departures: Collection[int]) -> bool:
        """Whether one of these departures certainly comes after the arrival (or at the end of the same beat)."""
        if arrival != _START and self.beats[arrival].repeat:
            return False
        return any(arrival in (_START, away) or arrival in self._before[away] for away in departures)

    def _earlier(self, away: int, arrival: int) -> bool:
        return arrival != _START and away in self._before[arrival] and not self.beats[away].repeat
