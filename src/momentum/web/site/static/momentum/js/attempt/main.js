/** The page of an attempt. The server makes every view; this keeps the clock in sight, and sends again what got lost. */

import { Clock, SleepWatch } from "./clock.js";

const TICK_MS = 100;
const HURRY_MS = 5_000;
const RESEND_MS = 2_000;
const AFTER_DEADLINE_MS = 400;

/** @type {any} */
const htmx = /** @type {any} */ (window).htmx;
const banner = /** @type {HTMLElement} */ (document.getElementById("link-banner"));
const announcer = /** @type {HTMLElement} */ (document.getElementById("announcer"));

/** The page was made somewhere between asking for it and having it: nobody gets to believe in more time than there is. */
let askedAt = performance.timeOrigin ? (performance.getEntriesByType("navigation")[0]?.["requestStart"] ?? 0) : 0;
/** @type {{ clock: Clock, element: HTMLElement }[]} */
let clocks = [];
let refreshing = false;
const sleep = new SleepWatch(Date.now(), performance.now());
/** The button whose answer is on its way. @type {HTMLButtonElement | null} */
let pressed = null;

const attempt = () => /** @type {HTMLElement} */ (document.getElementById("attempt"));
const tiles = () => /** @type {HTMLButtonElement[]} */ ([...attempt().querySelectorAll("button.tile")]);

function start() {
  refreshing = false;
  clocks = /** @type {HTMLElement[]} */ ([...attempt().querySelectorAll("[data-remaining-ms]")]).map((element) => ({
    element,
    clock: new Clock(Number(element.dataset.remainingMs), askedAt),
  }));
  tick();
}

function tick() {
  if (sleep.hasSlept(Date.now(), performance.now()) && clocks.length && !pressed) refresh();
  for (const { clock, element } of clocks) {
    const left = clock.left(performance.now());
    if ("clock" in element.dataset) element.textContent = clock.words(performance.now());
    const bar = /** @type {HTMLElement | null} */ (element.querySelector(".timer-bar"));
    bar?.style.setProperty("transform", `scaleX(${Math.min(1, left / Number(element.dataset.timerMs))})`);
    const seconds = element.querySelector(".timer-seconds");
    if (seconds) seconds.textContent = String(Math.ceil(left / 1000));
    element.closest(".question-view")?.classList.toggle("hurry", left <= HURRY_MS);
    if (left <= 0 && "refresh" in element.dataset) timeUp();
  }
}

/** Nothing that is sent now is in time: see what the server says. */
function timeUp() {
  if (refreshing) return;
  refreshing = true;
  for (const tile of tiles()) tile.disabled = true;
  say("timeUp");
  setTimeout(refresh, AFTER_DEADLINE_MS);
}

function refresh() {
  htmx.trigger("#refresh", "refresh");
}

function say(/** @type {"timeUp" | "sending"} */ what) {
  const status = /** @type {HTMLElement | null} */ (attempt().querySelector("[data-status]"));
  if (status) status.textContent = status.dataset[what] ?? "";
}

document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, requestConfig } = /** @type {CustomEvent} */ (event).detail;
  askedAt = performance.now();
  if (!(elt instanceof HTMLFormElement)) return;
  pressed = requestConfig.triggeringEvent?.submitter ?? null;
  for (const button of elt.querySelectorAll("button")) button.disabled = true;
  if (!pressed?.matches(".tile")) return;
  pressed.classList.add("chosen");
  elt.classList.add("answered");
  say("sending");
});

document.addEventListener("htmx:afterSwap", () => {
  pressed = null;
  banner.textContent = "";
  start();
  announcer.textContent = attempt().dataset.announce ?? "";
  const next = /** @type {HTMLElement | null} */ (attempt().querySelector("[data-next], #question-text"));
  next?.focus({ preventScroll: true });
});

for (const lost of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(lost, again);
document.addEventListener("htmx:responseError", (event) => {
  if (/** @type {CustomEvent} */ (event).detail.xhr.status >= 500) again();
  else location.reload();
});

/** What was sent may have arrived: the server keeps the first, so sending it again does no harm. */
function again() {
  banner.textContent = banner.dataset.lost ?? "";
  setTimeout(() => {
    if (!pressed) return refresh();
    pressed.disabled = false;
    pressed.click();
  }, RESEND_MS);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const letter = "abcd".indexOf(event.key.toLowerCase());
  const tile = tiles()[letter >= 0 ? letter : Number(event.key) - 1];
  if (tile && !tile.disabled) tile.click();
});

/** A page that the browser kept may be long past. */
addEventListener("pageshow", (event) => {
  if (event.persisted) refresh();
});

start();
setInterval(tick, TICK_MS);
