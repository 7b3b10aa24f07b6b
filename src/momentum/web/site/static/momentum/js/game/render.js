/**
 * From state to page: which view is up, and the frame around it. A view is built when its key changes, else updated.
 */

import { show, write } from "./page.js";
import { endedView } from "./views/ended.js";
import { hostLobbyView, lobbyView } from "./views/lobby.js";
import { overView } from "./views/over.js";
import { questionView } from "./views/question.js";
import { revealView } from "./views/reveal.js";
import { startingView } from "./views/starting.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./connection.js").Link} Link */
/**
 * What views are given. `act` does what a person asked for; `choose` answers.
 *
 * @typedef {object} Kit
 * @property {import("./page.js").Texts} texts
 * @property {boolean} isHost
 * @property {(name: string, detail?: any) => void} act
 * @property {(option: string) => void} choose
 */
/**
 * @typedef {object} View
 * @property {HTMLElement} element
 * @property {() => string} announce what a screen reader says when the view comes up
 * @property {(state: State, link: Link) => void} update
 * @property {(now: number) => void} [tick] called for every frame while the view is up
 * @property {(key: string) => void} [key] a key was pressed
 */

/** Which view shows a state; null: the one that is up stays. @param {State} state @param {Link} link */
export function viewKey(state, link) {
  if (state.phase === "over") return "over";
  if (link.status === "closed") return `ended:${link.code}:${state.error?.count}`;
  if (state.phase === "connecting") return null;
  if (state.phase === "question") return `question:${state.question?.question_id}`;
  return state.phase === "reveal" ? `reveal:${state.closed?.question_id}` : state.phase;
}

export class Renderer {
  /** @param {{ frame: (name: string) => HTMLElement, kit: Kit }} options */
  constructor({ frame, kit }) {
    this.frame = frame;
    this.kit = kit;
    this.key = "";
    /** @type {View | null} */
    this.view = null;
  }

  /** @param {State} state @param {Link} link @param {number} now */
  render(state, link, now) {
    const key = viewKey(state, link);
    const fresh = key !== null && key !== this.key;
    if (fresh) this.#bringUp(key, state, link);
    this.view?.update(state, link);
    this.tick(now);
    this.#drawFrame(state, link);
    if (fresh && this.view) write(this.frame("announcer"), this.view.announce());
  }

  /** @param {number} now */
  tick(now) {
    this.view?.tick?.(now);
  }

  /** @param {string} key @param {State} state @param {Link} link */
  #bringUp(key, state, link) {
    this.key = key;
    this.view = this.#build(state, link);
    const main = this.frame("view");
    if (this.view.element.parentElement === main) return;
    const hadFocus = main.contains(document.activeElement);
    main.replaceChildren(this.view.element);
    if (hadFocus) main.focus({ preventScroll: true });
    globalThis.scrollTo(0, 0);
  }

  /** @param {State} state @param {Link} link @returns {View} */
  #build(state, link) {
    const [name] = this.key.split(":");
    if (name === "lobby") return document.getElementById("host-lobby") ? hostLobbyView(this.kit) : lobbyView(this.kit);
    if (name === "starting") return startingView(this.kit);
    if (name === "question") return questionView(this.kit, state);
    if (name === "reveal") return revealView(this.kit, state);
    return name === "over" ? overView(this.kit, state) : endedView(this.kit, state, link);
  }

  /** @param {State} state @param {Link} link */
  #drawFrame(state, link) {
    const { texts, isHost } = this.kit;
    const running = ["starting", "question", "reveal"].includes(state.phase) && link.status !== "closed";
    const seated = Boolean(state.you?.seated);
    document.body.dataset.phase = link.status === "closed" && state.phase !== "over" ? "ended" : state.phase;
    show(this.frame("count"), running && state.questionNumber > 0);
    write(
      this.frame("count"),
      texts.say("frame.question", { number: state.questionNumber, total: state.totalQuestions }),
    );
    show(this.frame("score"), running && seated && state.questionNumber > 0);
    write(this.frame("score"), texts.count("frame.points", state.you?.score ?? 0));
    show(this.frame("leave"), seated && !isHost && (running || state.phase === "lobby") && link.status !== "closed");
    write(this.frame("link"), link.status === "waiting" && state.phase !== "over" ? texts.say("link.waiting") : "");
    this.#drawPause(state, running);
    if (isHost) this.#drawHostBar(state, link, running);
  }

  /** @param {State} state @param {boolean} running */
  #drawPause(state, running) {
    const paused = running ? state.paused : null;
    show(this.frame("pause"), paused);
    this.frame("view").inert = Boolean(paused);
    if (paused) write(this.frame("pause-reason"), this.kit.texts.say(`pause.${paused.reason}`));
  }

  /** @param {State} state @param {Link} link @param {boolean} running */
  #drawHostBar(state, link, running) {
    const bar = this.frame("host-bar");
    show(bar, running);
    const visible = {
      pause: !state.paused,
      resume: state.paused?.reason === "host",
      skip: state.phase === "question",
      next: state.phase === "reveal" || state.phase === "starting",
      "ask-end": true,
    };
    for (const [name, on] of Object.entries(visible)) {
      const button = /** @type {HTMLButtonElement} */ (bar.querySelector(`[data-act="${name}"]`));
      show(button, on);
      button.disabled = link.status !== "open";
    }
  }
}
