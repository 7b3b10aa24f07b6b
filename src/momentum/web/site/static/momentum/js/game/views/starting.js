import { copyOf, fill, slot, write } from "../page.js";
import { pop } from "../motion.js";
import { remaining } from "../timer.js";

/** @typedef {import("../state.js").State} State */

/** The countdown to the first question. @param {import("../render.js").Kit} kit */
export function startingView({ texts }) {
  const element = copyOf("view-starting");
  const seconds = slot(element, "seconds");
  /** @type {State["timer"]} */
  let timer = null;
  return {
    element,
    announce: () => element.querySelector("h1")?.textContent ?? "",
    update(/** @type {State} */ state) {
      timer = state.timer;
      fill(element, { questions: texts.count("starting.questions", state.totalQuestions) });
    },
    tick(/** @type {number} */ now) {
      const text = texts.number(Math.max(1, Math.ceil(remaining(timer, now) / 1000)));
      if (seconds.textContent === text) return;
      write(seconds, text);
      pop(seconds);
    },
  };
}
