/** Counts down to an instant by the server's clock, then shows the page anew. */

import { Clock, SleepWatch } from "./clock.js";

const counters = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-counts-to]")]).map((element) => ({
  element,
  clock: new Clock(Date.parse(element.dataset.countsTo ?? "") - Date.parse(element.dataset.now ?? ""), 0),
}));

const sleep = new SleepWatch(Date.now(), performance.now());

function tick() {
  if (sleep.hasSlept(Date.now(), performance.now())) location.reload();
  for (const { clock, element } of counters) {
    element.textContent = clock.words(performance.now());
    if (!clock.left(performance.now())) {
      clearInterval(timer);
      setTimeout(() => location.reload(), 500 + 2_000 * Math.random());
    }
  }
}

const timer = counters.length ? setInterval(tick, 500) : 0;
if (counters.length) tick();

/** A menu that somebody has open is not replaced under their hands. */
document.addEventListener("htmx:beforeRequest", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  if (target.id === "progress" && target.querySelector("details[open]")) event.preventDefault();
});
