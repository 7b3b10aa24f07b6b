/**
 * The connection to a game: admitted, watched, brought back after a drop. Socket, clock, timers and chance are handed in.
 *
 * Rule: one socket at a time counts. What an abandoned one still says is not heard.
 */

import { atNextAddress, Refused } from "./admission.js";
import { FINAL, MOVED, NOT_ADMITTED } from "./closing.js";
import { ANSWER_REFUSED } from "./state.js";

/** @typedef {import("./admission.js").Admission} Admission */
/**
 * "waiting": dropped, about to try again. "closed": for good, until a person does something; `code` is the close code,
 * or the HTTP status with which the site refused (`message`: what it said).
 *
 * @typedef {{ status: "connecting" | "open" | "waiting" | "closed", code?: number, message?: string }} Link
 */
/**
 * @typedef {object} Surroundings
 * @property {(url: string) => WebSocket} openSocket
 * @property {() => number} now
 * @property {(act: () => void, ms: number) => any} setTimeout
 * @property {(timer: any) => void} clearTimeout
 * @property {() => number} random in [0, 1)
 */

export const FIRST_BACKOFF_MS = 250;
export const LAST_BACKOFF_MS = 5_000;
const BACKOFF_GROWTH = 1.3;
export const PING_MS = 10_000;
export const SILENCE_MS = 15_000;
export const OPENING_MS = 6_000;
const CHECK_MS = 2_500;
const STABLE_MS = 500;
const TRIES_ALONE = 3;
const CLOSED_ABNORMALLY = 1006;

export class Connection {
  /**
   * @param {object} options
   * @param {() => Promise<Admission>} options.getTicket throws Refused when it is no use to ask again
   * @param {{ load(): Admission | null, save(admission: Admission): void, clear(): void }} options.store
   * @param {(message: any) => void} options.onMessage
   * @param {(link: Link) => void} options.onLink
   * @param {Surroundings} options.surroundings
   */
  constructor({ getTicket, store, onMessage, onLink, surroundings }) {
    this.getTicket = getTicket;
    this.store = store;
    this.onMessage = onMessage;
    this.onLink = onLink;
    this.on = surroundings;
    /** @type {WebSocket | null} */
    this.socket = null;
    /** @type {Link["status"]} */
    this.status = "closed";
    this.attempts = 0;
    this.refusals = 0;
    this.run = 0;
    this.heardAt = 0;
    this.openedAt = 0;
    this.timers = { retry: null, ping: null, silence: null };
    /** @type {{ questionId: string, option: string } | null} */
    this.unacknowledged = null;
    this.incarnation = "";
  }

  /** Connects, or connects anew after "closed". */
  start() {
    this.refusals = 0;
    this.attempts = 0;
    this.#tell({ status: "connecting" });
    return this.#connect();
  }

  /** @param {object} message dropped when there is no connection: only answers are kept and sent again */
  send(message) {
    if (this.status === "open") this.socket?.send(JSON.stringify(message));
  }

  /** Sends an answer, and again after each return until it is acknowledged or its question has closed. */
  answer(/** @type {string} */ questionId, /** @type {string} */ option) {
    this.unacknowledged = { questionId, option };
    this.#sendAnswer();
  }

  /** The device woke up or is online again: see at once whether the connection still lives. */
  check() {
    if (this.status === "waiting") {
      this.attempts = 0;
      this.#connect();
    } else if (this.status === "open") {
      this.send({ type: "PING" });
      this.#watch(CHECK_MS);
    }
  }

  async #connect() {
    this.#abandon();
    const run = this.run;
    this.#watch(OPENING_MS);
    const kept = this.store.load();
    let admission = kept;
    try {
      if (kept && this.#needsDirections(kept)) admission = await this.getTicket().catch(() => kept);
      else admission ??= await this.getTicket();
    } catch (error) {
      if (run === this.run) this.#notAdmitted(error);
      return;
    }
    if (run === this.run && admission) this.#open(admission, run, Boolean(kept));
  }

  /** @param {unknown} error */
  #notAdmitted(error) {
    this.#abandon();
    if (error instanceof Refused) this.#tell({ status: "closed", code: error.status, message: error.message });
    else this.#retry();
  }

  /** @param {Admission} admission @param {number} run @param {boolean} resumed */
  #open(admission, run, resumed) {
    const socket = (this.socket = this.on.openSocket(admission.url));
    const current = () => run === this.run;
    this.#watch(OPENING_MS);
    socket.onopen = () => current() && socket.send(JSON.stringify({ type: "AUTHENTICATE", token: admission.token }));
    socket.onmessage = (event) => current() && this.#hear(event.data, admission);
    socket.onclose = (event) => current() && this.#closed(event.code, resumed);
  }

  /** @param {string} data @param {Admission} admission */
  #hear(data, admission) {
    const message = JSON.parse(data);
    this.heardAt = this.on.now();
    if (this.status === "open") this.#watch(SILENCE_MS);
    if (message.type === "GAME_STATE") this.#admitted(message.payload, admission.url);
    if (message.type === "GAME_MOVED") this.store.save({ ...admission, url: message.payload.websocket_url });
    this.#settle(message);
    this.onMessage(message);
    if (message.type === "GAME_STATE" || message.type === "GAME_RESUMED") this.#sendAnswer();
  }

  /** @param {any} payload @param {string} url */
  #admitted(payload, url) {
    this.store.save({ token: payload.resume_token, url, urls: payload.websocket_urls });
    if (this.incarnation && payload.incarnation !== this.incarnation) this.unacknowledged = null;
    this.incarnation = payload.incarnation;
    this.openedAt = this.on.now();
    this.refusals = 0;
    this.#tell({ status: "open" });
    this.#watch(SILENCE_MS);
    this.#ping();
  }

  /** Forgets the answer that waits for its acknowledgement once there is nothing left to wait for. */
  #settle(/** @type {any} */ { type, payload }) {
    const waiting = this.unacknowledged?.questionId;
    if (!waiting) return;
    const acknowledged = (type === "ANSWER_ACCEPTED" || type === "ANSWER_RESULT") && payload.question_id === waiting;
    const elsewhere = type === "GAME_STATE" && (payload.question?.question_id !== waiting || payload.question.your_answer);
    const refused = type === "ERROR" && payload.question_id === waiting && ANSWER_REFUSED.has(payload.code);
    if (acknowledged || elsewhere || refused || type === "QUESTION_CLOSED" || type === "GAME_OVER") {
      this.unacknowledged = null;
    }
  }

  #sendAnswer() {
    if (!this.unacknowledged) return;
    const { questionId, option } = this.unacknowledged;
    this.send({ type: "SUBMIT_ANSWER", question_id: questionId, answer: option });
  }

  /** @param {number} code @param {boolean} resumed */
  #closed(code, resumed) {
    this.#abandon();
    if (code === CLOSED_ABNORMALLY && !this.openedAt) this.#tryElsewhere();
    if (code === NOT_ADMITTED) this.#refused(resumed);
    else if (FINAL.has(code)) this.#end(code);
    else if (code === MOVED) this.#wait(FIRST_BACKOFF_MS);
    else this.#retry();
  }

  /** The only node that this page has heard of does not answer: the site knows where the game is now. */
  #needsDirections(/** @type {Admission} */ kept) {
    return kept.urls?.length === 1 && this.attempts >= TRIES_ALONE;
  }

  /** Nobody let anybody in at this address: its node may be gone, and another one have the game. */
  #tryElsewhere() {
    const kept = this.store.load();
    if (kept) this.store.save(atNextAddress(kept));
  }

  /** A refused resume token is replaced by a ticket at once; a fresh ticket may have been late once, not twice. */
  #refused(/** @type {boolean} */ resumed) {
    this.store.clear();
    this.refusals += 1;
    if (this.refusals > 2) this.#end(NOT_ADMITTED);
    else if (resumed) this.#connect();
    else this.#retry();
  }

  /** @param {number} code */
  #end(code) {
    this.store.clear();
    this.unacknowledged = null;
    this.#tell({ status: "closed", code });
  }

  /** Full jitter: somewhere between at once and a bound that grows, so that a crowd does not come back as one. */
  #retry() {
    if (this.openedAt && this.on.now() - this.openedAt >= STABLE_MS) this.attempts = 0;
    this.openedAt = 0;
    const bound = Math.min(LAST_BACKOFF_MS, FIRST_BACKOFF_MS * BACKOFF_GROWTH ** this.attempts);
    this.attempts += 1;
    this.#wait(bound);
  }

  #wait(/** @type {number} */ bound) {
    this.#tell({ status: "waiting" });
    this.timers.retry = this.on.setTimeout(() => this.#connect(), this.on.random() * bound);
  }

  #ping() {
    this.on.clearTimeout(this.timers.ping);
    this.timers.ping = this.on.setTimeout(() => {
      this.send({ type: "PING" });
      this.#ping();
    }, PING_MS);
  }

  /** Gives up on the socket when nothing is heard for `ms`. */
  #watch(/** @type {number} */ ms) {
    this.on.clearTimeout(this.timers.silence);
    this.timers.silence = this.on.setTimeout(() => this.#closed(CLOSED_ABNORMALLY, false), ms);
  }

  /** Lets go of the socket, or of the admission on its way, without waiting for its close: a dead network never reports one. */
  #abandon() {
    this.#cancelTimers();
    this.run += 1;
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  #cancelTimers() {
    for (const timer of Object.values(this.timers)) this.on.clearTimeout(timer);
  }

  /** @param {Link} link */
  #tell(link) {
    this.status = link.status;
    this.onLink(link);
  }
}
