"""What the room shows of a session, as lines of plain text: one source for panels, plain room and page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.codes import AXES
from engine.drama import motifs
from engine.performance import Entry
from engine.screen.why import explain
from engine.studio.rehearsal import Shown, Upcoming
from engine.studio.script import Recorded
from engine.studio.session import Session
from engine.text import one_line

#: How makers of takes are called.
MAKERS: Mapping[str, str] = {
    "script": "the sheet", "voice": "her voice", "suggestion": "a suggestion", "writer": "you",
    "old sheet": "the old sheet", "new sheet": "the new sheet",
}  # fmt: skip
#: Bars of a tension from 0 to 1.
_BARS = "▁▂▃▄▅▆▇█"


def frame(given_act: str | None, tone: str | None, to: str | None) -> str:
    """What a line does, how and to whom: "accuse, furious, to Alma"."""
    return ", ".join(filter(None, [given_act, tone, f"to {to}" if to else ""]))


def shown_line(shown: Shown) -> str:
    """An entry as the plain room prints it."""
    entry = shown.entry
    if shown.line is None:
        return one_line(f"({entry.text})")
    doing = frame(entry.act, entry.tone, entry.to)
    return one_line(f"{shown.line} {str(entry.speaker).upper()}{f' ({doing})' if doing else ''}: {entry.text}")


def take_line(number: int, take: Recorded, said: bool) -> str:
    """One take in a list: `> 2 [her voice, 3.41] (accuse, furious) You took it!`"""
    given = take.given
    chosen = given.why.line.chosen if given.why.line else None
    score = f", {chosen.total:.2f}" if chosen else ""
    note = f", note: {take.note}" if take.note else ""
    doing = frame(given.frame.act, given.frame.tone, None)
    mark = ">" if said else " "
    return one_line(f"{number} [{MAKERS[take.by]}{score}{note}] ({doing or 'no act'}) {given.text}").join(
        [f"{mark} ", ""]
    )


def takes(session: Session, number: int) -> list[str]:
    """The takes of a line, the one that is said marked."""
    line = session.line(number)
    pinned = " (pinned)" if line.pinned else ""
    head = f"line {number}, {session.name(line.given.speaker)}{pinned}: {len(line.takes)} takes"
    return [head, *(take_line(at, take, at == line.chosen + 1) for at, take in enumerate(line.takes, 1))]


def reasons(take: Recorded) -> list[str]:
    """Why a take is as it is: bids, frame, candidates, scores."""
    given = take.given
    entry = Entry(
        "line",
        given.text,
        given.speaker,
        given.to,
        given.frame.tone,
        given.frame.act,
        str(given.frame.gist) if given.frame.gist else None,
        given.frame.topics,
        given.why,
    )
    return explain(entry)


def upcoming(session: Session, up: Upcoming | None) -> list[str]:
    """What comes next, before it is spoken: the bids for the turn, and the frames the director proposes."""
    if up is None:
        return ["The scene is over."]
    found = [f"beat: {up.beat}"]
    if up.turn is None:
        return [*found, f"{session.name(up.speaker)} speaks, by the sheet: {one_line(up.scripted)}"]
    for bid in up.turn.floor.bids[:8]:
        pulls = sorted(bid.reasons.items(), key=lambda each: -abs(each[1]))[:2]
        why = ", ".join(f"{name} {by:+.1f}" for name, by in pulls if abs(by) >= 0.05)
        mark = ">" if bid.person == up.speaker else " "
        found.append(f"{mark} {session.name(bid.person)} {bid.probability:.0%}{f' ({why})' if why else ''}")
    to = session.name(up.turn.to)
    if to:
        found.append(f"to {to}; what she may do:")
    for each in up.frames:
        doing = frame(each.frame.act, each.frame.tone, None)
        gist = f", {each.frame.gist}" if each.frame.gist else ""
        found.append(f"  {doing}{gist} {each.nats:+.2f}")
    notes = session.rehearsal.notes()
    return [*found, *(f"note: {one_line(note.text)}" for note in notes)]


def relations(session: Session, short: bool = False) -> list[str]:
    """The graph among those on stage: what each is to each, and what she feels, with what has moved; `short` for a panel."""
    state, personas = session.rehearsal.stage.state, session.production.personas
    summary: Any = session.performance().summary["relations"]
    names = {personas[who].name for who in state.present}
    found = []
    for source, targets in summary["after"].items():
        for target, edge in targets.items():
            if source not in names or target not in names:
                continue
            values = []
            for axis in AXES:
                now = float(edge[axis])
                by = now - float(summary["before"].get(source, {}).get(target, {}).get(axis, now))
                moved = abs(by) >= 0.05
                if short:
                    values.append(f"{axis[:3]}{now:+.1f}{('↑' if by > 0 else '↓') if moved else ''}")
                else:
                    values.append(f"{axis} {now:+.1f}" + (f" (moved {by:+.1f})" if moved else ""))
            head = f"{source} → {target}, {edge['kind']}" if short else f"{source} to {target}, {edge['kind']}:"
            found.append(("\n" if short else " ").join([head, (" " if short else ", ").join(values)]))
    shapes = motifs.find(session.rehearsal.stage.world.relations, sorted(state.present))
    return [*(found or ["Nobody here is anything to anybody."]), *(f"motif: {one_line(str(each))}" for each in shapes)]


def tension(session: Session) -> tuple[list[float], list[float]]:
    """Tension a line: as the sheet wants it, and as it was reached."""
    points = session.rehearsal.stage.state.tension
    return [point["target"] for point in points], [point["reached"] for point in points]


def tension_bars(session: Session, width: int = 60) -> list[str]:
    """Both curves as bars, the last `width` lines."""
    wanted, reached = tension(session)
    if not wanted:
        return ["tension: nothing has been said yet"]
    return [f"{name:8}{bars(curve[-width:])}" for name, curve in (("wanted", wanted), ("reached", reached))]


def bars(values: list[float]) -> str:
    return "".join(_BARS[min(7, int(8 * max(0.0, value)))] for value in values)


def threads(session: Session) -> list[str]:
    """Facts with who knows, hides or believes the opposite; the question that is open; beats that have not come."""
    stage = session.rehearsal.stage
    cast, knowledge = session.production.scenario.cast, stage.world.knowledge
    found = []
    facts = {fact.id: fact for who in cast for fact in knowledge.known(who)}
    for fact in facts.values():
        holders = [
            session.name(who) + (" (hides it)" if knowledge.conceals(who, fact.id) else "")
            for who in cast
            if knowledge.knows(who, fact.id)
        ]
        deceived = [session.name(who) for who in cast if knowledge.believes(who, fact.id) is False]
        told = f"; believes the opposite: {', '.join(deceived)}" if deceived else ""
        found.append(f"{fact.id}: {one_line(fact.text)} Known to: {', '.join(holders)}{told}.")
    ledger = stage.state.ledger
    if ledger.open is not None:
        who, (about, predicate, slots) = ledger.open
        asked = " ".join([session.name(about) or about, predicate, *sorted(slots)])
        found.append(f"open question: {session.name(who)} was asked about: {asked}")
    found += [f"caught: {session.name(who)}" for who in sorted(ledger.caught)]
    left = [beat.name for beat in session.production.scenario.beats if not stage.progress.times.get(beat.name)]
    if session.rehearsal.place is not None:
        here = session.rehearsal.place.beat.name
        found.append(f"beat: {here}; still to come: {', '.join(name for name in left if name != here) or 'nothing'}")
    return found


def cast(session: Session, who: str) -> Iterator[str]:
    """The values of a sheet that one hears."""
    persona = session.production.personas[who]
    voice = persona.voice
    document = session.sheets.theatre.troupe.sheets[who]
    yield f"{persona.name} ({persona.pronoun}) cast/{document.path.name}"
    yield f"talkativeness {persona.talkativeness:g}, length {persona.length} words"
    yield f"voice: temperature {voice.temperature:g}, top_p {voice.top_p:g}, max_words {voice.max_words}"
    if voice.favoured:
        yield "likes: " + ", ".join(f"{word} {by:+g}" for word, by in voice.favoured.items())
    for name, weights in (("moods", persona.moods), ("acts", persona.acts)):
        if weights:
            yield f"{name}: " + ", ".join(f"{key} {value:g}" for key, value in weights.items())
    if persona.phrases:
        yield "phrases: " + "; ".join(phrase.text for phrase in persona.phrases)
    if persona.avoid:
        yield "never says: " + ", ".join(persona.avoid)
    if persona.vocatives:
        yield "calls people: " + ", ".join(persona.vocatives)
    for want in persona.wants:
        yield (
            f"wants: {want.act}"
            + (f" about {want.about}" if want.about else "")
            + (f" of {want.to}" if want.to else "")
        )
    if persona.knows or persona.secrets:
        yield f"knows: {', '.join(persona.knows) or '-'}; keeps: {', '.join(persona.secrets) or '-'}"
    for other, tie in persona.relations.items():
        if other in session.production.scenario.cast:
            felt = " ".join(f"{axis[:5]} {getattr(tie, axis):+g}" for axis in AXES)
            yield f"{other}, {tie.kind}: {felt}"
