"""What the tests measure on their way: printed, and kept in the file that MOMENTUM_FIGURES names, if any."""

import json
import os
from pathlib import Path


def measured(fault: str, what: str, value: float, unit: str = "s") -> None:
    """One figure of the test of one fault; the largest of several runs is what matters."""
    print(f"{fault}: {what} {value:.2f} {unit}")  # noqa: T201 (pytest -s shows the figures)
    if name := os.environ.get("MOMENTUM_FIGURES"):
        with Path(name).open("a") as file:
            file.write(json.dumps({"fault": fault, "what": what, "value": value, "unit": unit}) + "\n")
