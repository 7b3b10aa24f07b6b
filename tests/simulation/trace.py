"""What happened in a simulation, in order: the same seed writes the same, byte for byte."""

from typing import Any


class Trace:
    def __init__(self) -> None:
        self._lines: list[tuple[float, str, tuple[Any, ...]]] = []

    def add(self, when: float, what: str, *details: Any) -> None:
        self._lines.append((when, what, details))

    def __len__(self) -> int:
        return len(self._lines)

    def __str__(self) -> str:
        return "\n".join(
            f"{when:11.6f} {what:<12} {' '.join(str(detail) for detail in details)}".rstrip()
            for when, what, details in self._lines
        )
