import { REMOVED } from "../closing.js";
import { copyOf, fill, show, slot, write } from "../page.js";

/**
 * What to tell, and what to offer, where a connection has ended for good: by the ERROR that came before, else by the
 * close code, or the HTTP status of a site that gave no ticket.
 *
 * @typedef {{ text: string, offer: "again" | "here" | "join" | "results" | "" }} Ending
 */

/** @type {Record<string, Ending>} */
const BY_ERROR = {
  kicked: { text: "kicked", offer: "" },
  full: { text: "full", offer: "again" },
  locked: { text: "locked", offer: "again" },
  already_started: { text: "started", offer: "" },
  game_over: { text: "over", offer: "results" },
  bad_token: { text: "not-admitted", offer: "join" },
};

/** @type {Record<number, Ending>} */
const BY_CODE = {
  401: { text: "not-admitted", offer: "join" },
  403: { text: "not-admitted", offer: "join" },
  404: { text: "no-game", offer: "" },
  410: { text: "over", offer: "results" },
  4401: { text: "not-admitted", offer: "join" },
  4403: { text: "not-admitted", offer: "join" },
  4404: { text: "no-game", offer: "" },
  4409: { text: "elsewhere", offer: "here" },
  4441: { text: "over", offer: "results" },
  4442: { text: "left", offer: "join" },
  4444: { text: "set-aside", offer: "" },
};

/** @type {Ending} */
const BROKEN = { text: "broken", offer: "again" };

/** Errors that this view explains. */
export const EXPLAINED = new Set(Object.keys(BY_ERROR));

/** @param {import("../state.js").State} state @param {import("../connection.js").Link} link @returns {Ending} */
export function endingOf(state, { code = 0 }) {
  const told = code === REMOVED ? BY_ERROR[state.error?.code ?? ""] : undefined;
  const wasIn = code === REMOVED && state.phase !== "connecting";
  return told ?? (wasIn ? BY_ERROR.kicked : BY_CODE[code]) ?? BROKEN;
}

/** What the server said when it turned somebody away for a reason that this page has no words for. */
function unexplained(/** @type {import("../state.js").State} */ state, /** @type {import("../connection.js").Link} */ link) {
  const { code, message } = state.error ?? { code: "", message: "" };
  return link.code === REMOVED && state.phase === "connecting" && !EXPLAINED.has(code) ? message : "";
}

/** @param {import("../render.js").Kit} kit @param {import("../state.js").State} state @param {import("../connection.js").Link} link */
export function endedView({ texts, act }, state, link) {
  const element = copyOf("view-ended");
  const { text, offer } = endingOf(state, link);
  fill(element, {
    headline: texts.say(`ended.${text}`),
    detail: link.message || unexplained(state, link) || texts.say(`ended.${text}-detail`),
  });
  write(slot(element, "again-label"), texts.say(offer === "here" ? "ended.here" : "ended.again"));
  show(slot(element, "again"), offer === "again" || offer === "here");
  show(slot(element, "join"), offer === "join");
  show(slot(element, "results"), offer === "results");
  slot(element, "again").addEventListener("click", () => act("reconnect"));
  return {
    element,
    announce: () => `${slot(element, "headline").textContent}. ${slot(element, "detail").textContent}`,
    update() {},
  };
}
