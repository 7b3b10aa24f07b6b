"""The life of a game, as a table.

Rule: a phase changes only by an event, and only along a row of TRANSITIONS. The docs' diagram is drawn from it.
"""

from enum import StrEnum

from momentum.game import events


class Phase(StrEnum):
    LOBBY = "lobby"
    STARTING = "starting"
    QUESTION = "question"
    REVEAL = "reveal"
    OVER = "over"


TRANSITIONS: dict[tuple[Phase, type[events.Event]], Phase] = {
    (Phase.LOBBY, events.GameStarted): Phase.STARTING,
    (Phase.LOBBY, events.GameEnded): Phase.OVER,
    (Phase.STARTING, events.QuestionOpened): Phase.QUESTION,
    (Phase.STARTING, events.GameEnded): Phase.OVER,
    (Phase.QUESTION, events.QuestionClosed): Phase.REVEAL,
    (Phase.REVEAL, events.QuestionOpened): Phase.QUESTION,
    (Phase.REVEAL, events.GameEnded): Phase.OVER,
}

MOVING = frozenset(event for _, event in TRANSITIONS)


class IllegalTransition(Exception):
    """An event that the phase does not allow: the journal and the rules disagree."""


def after(phase: Phase, event: events.Event) -> Phase:
    """The phase that follows `event`; raises IllegalTransition and changes nothing where the table has no row."""
    if type(event) not in MOVING:
        return phase
    try:
        return TRANSITIONS[phase, type(event)]
    except KeyError:
        raise IllegalTransition(f"{type(event).__name__} in phase {phase}") from None
