"""axe on whatever page is open, on a phone and on a laptop, in light and in dark."""

from itertools import product
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT

from .people import LAPTOP, PHONE, Person, Scheme

RUN = """async () => {
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  await Promise.allSettled(document.getAnimations().map((animation) => animation.finished));
  return axe.run(document, {resultTypes: ["violations"], rules: {"target-size": {enabled: true}}});
}"""
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
SIZES = {"phone": PHONE.size, "laptop": LAPTOP.size}


class Audit:
    """What axe finds on the pages it is shown. Their owners prefer reduced motion, so that nothing is half-way."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def look(self, person: Person, what: str) -> None:
        """`what`: the state of the page, in words."""
        for scheme, (size, viewport) in product(SCHEMES, SIZES.items()):
            person.page.set_viewport_size(viewport)
            person.page.emulate_media(color_scheme=scheme)
            self.found += [f"{what}, {size}, {scheme}: {violation}" for violation in violations(person)]

    def passes(self) -> bool:
        """Fails with what was found."""
        assert not self.found, "\n".join(self.found)
        return True


def violations(person: Person) -> list[str]:
    """Of the page as it is now; a line each."""
    if not person.page.evaluate("'axe' in window"):
        person.page.evaluate(AXE_SCRIPT)
    found: list[dict[str, Any]] = person.page.evaluate(RUN)["violations"]
    return [f"{one['id']}: {node['html'][:160]} {node['failureSummary']}" for one in found for node in one["nodes"]]
