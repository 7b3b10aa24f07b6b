"""What a hub says to the rooms of its game: numbered, and nothing any more once it has fallen silent."""

from collections.abc import Callable, Sequence
from typing import Literal

from momentum.realtime.messages import Dismissal, Envelope, Parcel


class Voice:
    """`publish`: tell the rooms. `rev` is the journal position of what was told last."""

    def __init__(self, epoch: Callable[[], int], publish: Callable[[Envelope], None]) -> None:
        self.silent = False
        self._epoch = epoch
        self._publish = publish
        self._number = 0
        self._rev = 0

    def tell(
        self,
        parcels: Sequence[Parcel | Dismissal] = (),
        *,
        rev: int | None = None,
        state: Literal["running", "lost", "closed"] = "running",
    ) -> None:
        if self.silent:
            return
        self._rev = self._rev if rev is None else rev
        self._number += 1
        self._publish(
            Envelope(epoch=self._epoch(), number=self._number, rev=self._rev, parcels=tuple(parcels), state=state)
        )

    def pulse(self) -> None:
        """Let a room that has missed the latest envelope notice."""
        if not self.silent:
            self._publish(Envelope(epoch=self._epoch(), number=self._number, rev=self._rev, pulse=True))
