"""The envelopes of one hub, in order and without a gap, whatever the way between nodes does to them."""

from momentum.realtime.messages import Envelope

EARLY = 64
"""So many envelopes may wait for one before them; what comes earlier still is as good as lost."""


class Sequence:
    """As one room receives them, from `first` on, whichever that is."""

    def __init__(self, first: Envelope) -> None:
        self.epoch = first.epoch
        self._number = self._newest = first.number - (not first.pulse)
        self._early: dict[int, Envelope] = {}

    @property
    def missing(self) -> bool:
        """Whether something has not come that came before what has."""
        return self._number < self._newest

    def receive(self, envelope: Envelope) -> list[Envelope]:
        """What can be heard now, in order; nothing twice."""
        self._newest = max(self._newest, envelope.number)
        if not envelope.pulse and self._number < envelope.number <= self._number + EARLY:
            self._early[envelope.number] = envelope
        ready = []
        while self._number + 1 in self._early:
            self._number += 1
            ready.append(self._early.pop(self._number))
        return ready

    def skip(self) -> None:
        """Wait no longer for what is missing."""
        self._number = self._newest
        self._early.clear()
