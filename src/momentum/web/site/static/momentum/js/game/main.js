/** Starts the host's page and the game page: one connection, one state, one renderer. */

import { admissionStore, ticketOffice } from "./admission.js";
import { copyFrom } from "./clipboard.js";
import { Connection } from "./connection.js";
import { confirmed, Toast } from "./dialogs.js";
import { Texts } from "./page.js";
import { Renderer } from "./render.js";
import { ANSWER_REFUSED, initialState, reduce } from "./state.js";
import { EXPLAINED } from "./views/ended.js";

const data = JSON.parse(document.getElementById("momentum-data")?.textContent ?? "{}");
const frame = (/** @type {string} */ name) =>
  /** @type {HTMLElement} */ (document.querySelector(`[data-frame="${name}"]`));
const texts = new Texts(
  /** @type {HTMLTemplateElement} */ (document.getElementById("strings")),
  document.documentElement.lang,
);
const toast = new Toast(frame("toast"));
const now = () => performance.now();
const isHost = data.role === "host";

let state = initialState();
/** @type {import("./connection.js").Link} */
let link = { status: "connecting" };

const connection = new Connection({
  getTicket: ticketOffice({ url: data.tokenUrl, gameId: data.gameId, csrf: () => cookie("csrftoken") }),
  store: admissionStore(data.gameId),
  onMessage: hear,
  onLink: (changed) => {
    link = changed;
    draw();
  },
  surroundings: {
    openSocket: (url) => new WebSocket(url),
    now,
    setTimeout: (act, ms) => setTimeout(act, ms),
    clearTimeout: (timer) => clearTimeout(timer),
    random: Math.random,
  },
});

const renderer = new Renderer({ frame, kit: { texts, isHost, act, choose } });

/** @param {any} message */
function hear(message) {
  state = reduce(state, message, now());
  if (message.type === "ERROR") refused(message.payload);
  if (message.type === "GAME_STATE" && state.restored) toast.show(texts.say("restored"));
  if (isHost && state.phase === "lobby" && !document.getElementById("host-lobby")) location.replace(data.lobbyUrl);
  else draw();
}

function draw() {
  const elsewhere = link.status === "closed" && door();
  if (elsewhere) location.replace(elsewhere);
  else renderer.render(state, link, now());
}

/** Where those go whom the site does not let into this game (any more). What they need is said there. */
function door() {
  if (isHost) return link.code === 401 ? data.lobbyUrl : null;
  return link.code === 401 || link.code === 403 ? data.joinUrl : null;
}

/** @param {string} option */
function choose(option) {
  const before = state.answer;
  state = reduce(state, { type: "CHOOSE", payload: { option } }, now());
  if (state.answer === before || !state.answer) return;
  connection.answer(state.answer.questionId, option);
  draw();
}

/** What a button with this data-act does. @type {Record<string, (detail?: any) => void>} */
const ACTS = {
  start: () => connection.send({ type: "START_GAME" }),
  next: () => connection.send({ type: "NEXT_QUESTION" }),
  skip: () => connection.send({ type: "SKIP_QUESTION" }),
  pause: () => connection.send({ type: "PAUSE_GAME" }),
  resume: () => connection.send({ type: "RESUME_GAME" }),
  lock: () => connection.send({ type: "LOCK_GAME", locked: !state.locked }),
  reconnect: () => connection.start(),
  "ask-end": async () => (await confirmed("end-dialog")) && connection.send({ type: "END_GAME" }),
  "ask-leave": async () => (await confirmed("leave-dialog")) && connection.send({ type: "LEAVE" }),
  "ask-kick": async ({ user_id, username }) =>
    (await confirmed("kick-dialog", username)) && connection.send({ type: "KICK_PLAYER", user_id }),
};

/** @param {string} name @param {any} [detail] */
function act(name, detail) {
  ACTS[name](detail);
}

const SHOWN_IN_VIEW = new Set([...ANSWER_REFUSED, ...EXPLAINED, "paused"]);

/** @param {{ code: string, message: string }} error */
function refused({ code, message }) {
  if (code === "bad_name") location.replace(`${data.joinUrl}?name_taken=1`);
  else if (!SHOWN_IN_VIEW.has(code)) toast.show(texts.has(`error.${code}`) ? texts.say(`error.${code}`) : message);
}

/** @param {string} name */
function cookie(name) {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return decodeURIComponent(found?.slice(name.length + 1) ?? "");
}

document.addEventListener("click", (event) => {
  const target = /** @type {Element} */ (event.target);
  const button = /** @type {HTMLElement | null} */ (target.closest("[data-act], [data-copy]"));
  if (button?.dataset.copy) copyFrom(button, texts);
  else if (button?.dataset.act) act(button.dataset.act);
});

document.addEventListener("keydown", (event) => {
  const busy = event.repeat || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]");
  if (!busy && event.key.length === 1 && !frame("view").inert) renderer.view?.key?.(event.key);
});

for (const event of ["pageshow", "online"]) addEventListener(event, () => connection.check());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && connection.check());

(function everyFrame() {
  renderer.tick(now());
  requestAnimationFrame(everyFrame);
})();

connection.start();
