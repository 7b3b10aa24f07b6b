import { copyOf, fill, show, sign, slot, write } from "../page.js";
import { animate, enter } from "../motion.js";
import { remaining } from "../timer.js";
import { fillBoard, shown } from "./board.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../state.js").Closed} Closed */
/** @typedef {import("../page.js").Texts} Texts */

const ROWS = 5;
const ROWS_ON_SCREEN = 8;

/** A closed question: the own result, the right answer, the board. @param {import("../render.js").Kit} kit @param {State} first */
export function revealView({ texts, isHost }, first) {
  const element = copyOf("view-reveal");
  const closed = /** @type {Closed} */ (first.closed);
  const next = slot(element, "next");
  const wait = slot(element, "wait");
  const rows = closed.scoreboard;
  let latest = first;
  let drawn = "";

  fill(element, { question: closed.question_text, explanation: closed.explanation });
  show(slot(element, "explanation"), closed.explanation);
  show(slot(element, "board-panel"), rows.length > 0);
  const most = first.you?.seated ? ROWS : ROWS_ON_SCREEN;
  fillBoard(slot(element, "board"), shown(rows, closed.own, most), { you: first.you?.user_id, texts });
  enter(element);

  function draw() {
    const verdict = verdictOf(latest, texts);
    const yours = latest.result?.answer ?? latest.answer?.option;
    const signature = JSON.stringify([verdict, yours]);
    if (signature === drawn) return;
    drawn = signature;
    slot(element, "verdict").dataset.is = verdict.kind;
    fill(element, { headline: verdict.headline, detail: verdict.detail, points: verdict.points });
    fillBars(slot(element, "bars"), closed, yours, texts);
  }

  return {
    element,
    announce: () => {
      const { headline, points, detail } = verdictOf(latest, texts);
      return [headline, points, detail, texts.say("reveal.answer", { answer: closed.correct_answer })].join(". ");
    },
    update(/** @type {State} */ state) {
      latest = state;
      draw();
    },
    tick(/** @type {number} */ now) {
      const { timer } = latest;
      write(next, nextLine(latest, closed, now, isHost, texts));
      show(slot(element, "track"), timer);
      if (timer) wait.style.setProperty("transform", `scaleX(${remaining(timer, now) / timer.total})`);
    },
  };
}

/** @param {State} state @param {Closed} closed @param {number} now @param {boolean} isHost @param {Texts} texts */
function nextLine(state, closed, now, isHost, texts) {
  if (!state.timer) return texts.say(isHost ? "reveal.you-next" : "reveal.host-next");
  const last = closed.question_number === closed.total_questions;
  return texts.say(last ? "reveal.end" : "reveal.next", { seconds: Math.ceil(remaining(state.timer, now) / 1000) });
}

/** What it came to, in words. @param {State} state @param {Texts} texts */
function verdictOf(state, texts) {
  const closed = /** @type {Closed} */ (state.closed);
  const detail = standing(state, texts);
  if (closed.voided) {
    return { kind: "none", headline: texts.say("reveal.voided"), detail: texts.say("reveal.voided-detail"), points: "" };
  }
  if (!state.you?.seated) {
    return {
      kind: "host",
      headline: texts.say("reveal.answer", { answer: closed.correct_answer }),
      detail: raceWinner(state, texts),
      points: "",
    };
  }
  const { result } = state;
  if (!result) return { kind: "none", headline: texts.say("reveal.none"), detail, points: "" };
  if (!result.is_correct) return { kind: "wrong", headline: texts.say("reveal.wrong"), detail, points: "" };
  const points = texts.say("board.earned", { points: result.points_awarded });
  return { kind: "right", headline: texts.say("reveal.right"), detail, points };
}

/** @param {State} state @param {Texts} texts */
function standing({ closed, you, pace }, texts) {
  if (!closed?.own || !you) return "";
  const { rank, score } = closed.own;
  const place = texts.say("reveal.place", { rank, total: closed.player_count, score });
  return pace === "race" ? [raceWinner({ closed, pace }, texts), place].filter(Boolean).join(". ") : place;
}

/** @param {Pick<State, "closed" | "pace">} state @param {Texts} texts */
function raceWinner({ closed, pace }, texts) {
  if (pace !== "race" || !closed) return "";
  const winner = closed.scoreboard.find((row) => row.points_earned > 0);
  return winner ? texts.say("reveal.winner", { name: winner.username }) : texts.say("reveal.nobody");
}

/** How often each option was chosen, in words and bars. @param {HTMLElement} list @param {Closed} closed @param {string | undefined} yours @param {Texts} texts */
function fillBars(list, closed, yours, texts) {
  const most = Math.max(1, ...closed.distribution.map(({ count }) => count));
  const bars = closed.distribution.map(({ option, count }, index) => {
    const row = copyOf("result-bar");
    const right = option === closed.correct_answer;
    sign(row, index);
    row.dataset.option = String(index + 1);
    row.classList.toggle("correct", right);
    fill(row, { text: option, count: texts.count("reveal.count", count) });
    show(slot(row, "right"), right);
    show(slot(row, "yours"), option === yours);
    const bar = slot(row, "bar");
    bar.style.setProperty("width", `${(100 * count) / most}%`);
    animate(bar, [{ transform: "scaleX(0)" }, { transform: "none" }], { duration: 500, delay: 150 });
    return row;
  });
  list.replaceChildren(...bars);
}
