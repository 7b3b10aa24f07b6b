/** Starts the host's page and the game page: one connection, one state, one renderer. */

import { admissionStore, ticketOffice } from "./admission.js";
import { Connection } from "./connection.js";
import { Texts, write } from "./page.js";
import { Renderer } from "./render.js";
import { initialState, reduce } from "./state.js";

const data = JSON.parse(document.getElementById("momentum-data")?.textContent ?? "{}");
const frame = (/** @type {string} */ name) =>
  /** @type {HTMLElement} */ (document.querySelector(`[data-frame="${name}"]`));
const texts = new Texts(
  /** @type {HTMLTemplateElement} */ (document.getElementById("strings")),
  document.documentElement.lang,
);
const now = () => performance.now();

let state = initialState();
/** @type {import("./connection.js").Link} */
let link = { status: "connecting" };

const connection = new Connection({
  getTicket: ticketOffice({ url: data.tokenUrl, gameId: data.gameId, csrf: () => cookie("csrftoken") }),
  store: admissionStore(data.gameId),
  onMessage: hear,
  onLink: (changed) => {
    link = changed;
    if (mustJoinFirst()) location.replace(data.joinUrl);
    else draw();
  },
  surroundings: {
    openSocket: (url) => new WebSocket(url),
    now,
    setTimeout: (act, ms) => setTimeout(act, ms),
    clearTimeout: (timer) => clearTimeout(timer),
    random: Math.random,
  },
});

const renderer = new Renderer({
  frame,
  kit: { texts, isHost: data.role === "host", act, choose },
});

/** @param {any} message */
function hear(message) {
  state = reduce(state, message, now());
  if (message.type === "ERROR") refused(message.payload);
  if (data.role === "host" && state.phase === "lobby" && !document.getElementById("host-lobby")) {
    location.replace(data.lobbyUrl);
  }
  draw();
}

function draw() {
  renderer.render(state, link, now());
}

/** @param {string} option */
function choose(option) {
  const before = state;
  state = reduce(state, { type: "CHOOSE", payload: { option } }, now());
  if (state.answer === before.answer || !state.answer) return;
  connection.answer(state.answer.questionId, option);
  draw();
}

/** @type {Record<string, object>} */
const COMMANDS = {
  start: { type: "START_GAME" },
  next: { type: "NEXT_QUESTION" },
  skip: { type: "SKIP_QUESTION" },
  pause: { type: "PAUSE_GAME" },
  resume: { type: "RESUME_GAME" },
  end: { type: "END_GAME" },
  leave: { type: "LEAVE" },
};

/** Does what a person asked for. @param {string} name @param {any} [detail] */
async function act(name, detail) {
  if (name === "lock") connection.send({ type: "LOCK_GAME", locked: !state.locked });
  else if (name === "reconnect") connection.start();
  else if (name === "ask-end") (await confirmed("end-dialog")) && act("end");
  else if (name === "ask-leave") (await confirmed("leave-dialog")) && act("leave");
  else if (name === "ask-kick") (await confirmed("kick-dialog", detail.username)) && kick(detail.user_id);
  else if (Object.hasOwn(COMMANDS, name)) connection.send(COMMANDS[name]);
}

/** @param {string} user_id */
const kick = (user_id) => connection.send({ type: "KICK_PLAYER", user_id });

/** Asks in a dialog. @param {string} id @param {string} [name] @returns {Promise<boolean>} */
function confirmed(id, name) {
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById(id));
  const slot = dialog.querySelector("[data-slot=name]");
  if (slot && name) write(slot, name);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

const ANSWERED_IN_VIEW = new Set(["not_open", "wrong_question", "too_late", "not_eligible", "no_such_option", "paused"]);
/** @type {any} */
let toastTimer = null;

/** @param {{ code: string, message: string }} error */
function refused({ code, message }) {
  if (code === "bad_name" || code === "name_taken") location.replace(`${data.joinUrl}?name_taken=1`);
  else if (!ANSWERED_IN_VIEW.has(code)) toast(message);
}

/** @param {string} message */
function toast(message) {
  const element = frame("toast");
  write(element, message);
  element.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (element.hidden = true), 5000);
}

function mustJoinFirst() {
  return link.status === "closed" && (link.code === 401 || link.code === 403) && !link.message && data.role === "player";
}

/** @param {string} name */
function cookie(name) {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return decodeURIComponent(found?.slice(name.length + 1) ?? "");
}

/** The clipboard is for secure contexts only; on a plain LAN a selection is copied. @param {string} text */
async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  field.setAttribute("readonly", "");
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  if (!copied) throw new Error("copying is not allowed");
}

/** @param {HTMLElement} button */
async function copyLink(button) {
  const label = /** @type {HTMLElement} */ (button.querySelector("[data-copy-label]"));
  const said = label.textContent ?? "";
  write(label, texts.say(await copy(button.dataset.copy ?? "").then(() => "link.copied", () => "link.copy-failed")));
  setTimeout(() => write(label, said), 2500);
}

document.addEventListener("click", (event) => {
  const target = /** @type {Element} */ (event.target);
  const button = /** @type {HTMLElement | null} */ (target.closest("[data-act], [data-copy], [data-frame=leave]"));
  if (!button) return;
  if (button.dataset.copy) copyLink(button);
  else act(button.dataset.act ?? "ask-leave");
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
