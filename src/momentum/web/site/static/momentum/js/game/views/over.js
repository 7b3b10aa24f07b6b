import { copyOf, fill, show, slot, write } from "../page.js";
import { rise } from "../motion.js";
import { fillBoard, shown } from "./board.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../state.js").Over} Over */
/** @typedef {import("../page.js").Texts} Texts */

const ROWS = 10;
const STEPS = 3;

/** The end: the podium, the own place, the board. @param {import("../render.js").Kit} kit @param {State} first */
export function overView({ texts }, first) {
  const element = copyOf("view-over");
  const over = /** @type {Over} */ (first.over);
  const rows = over.final_scoreboard;
  const podium = slot(element, "podium");

  fill(element, words(first, over, texts));
  show(podium, rows.length > 0);
  podium.replaceChildren(...rows.slice(0, STEPS).map((row, index) => step(row, index, texts)));
  show(slot(element, "board-panel"), rows.length > STEPS || (over.own && !rows.includes(over.own)));
  fillBoard(slot(element, "board"), shown(rows, over.own, ROWS), { you: first.you?.user_id, texts, earned: false });
  return {
    element,
    announce: () => slot(element, "headline").textContent ?? "",
    update() {},
  };
}

/** @param {import("../state.js").ScoreRow} row @param {number} index @param {Texts} texts */
function step(row, index, texts) {
  const element = copyOf("podium-step");
  element.dataset.step = String(Math.min(row.rank, STEPS));
  fill(element, { name: row.username, rank: texts.number(row.rank), score: texts.count("frame.points", row.score) });
  rise(element, [700, 350, 0][index]);
  write(slot(element, "name"), row.username);
  return element;
}

/** @param {State} state @param {Over} over @param {Texts} texts */
function words({ you }, over, texts) {
  const eyebrow = texts.say(over.reason === "ended_by_host" ? "over.ended_by_host" : "over.completed");
  if (over.reason === "expired") return { eyebrow: "", headline: texts.say("over.nobody"), detail: texts.say("over.expired") };
  const { own } = over;
  if (!own || !you?.seated) return { eyebrow, headline: winners(over, texts), detail: texts.say("over.thanks") };
  const place = texts.say("over.place", { rank: own.rank, total: over.player_count });
  const score = texts.count("frame.points", own.score);
  if (own.rank === 1 && own.score > 0) return { eyebrow, headline: texts.say("over.won"), detail: score };
  if (own.rank <= STEPS && own.score > 0 && over.player_count > STEPS) {
    return { eyebrow, headline: texts.say("over.podium"), detail: `${place}, ${score}` };
  }
  return { eyebrow, headline: place, detail: `${score}. ${winners(over, texts)}` };
}

/** @param {Over} over @param {Texts} texts */
function winners(over, texts) {
  const first = over.final_scoreboard.filter((row) => row.rank === 1 && row.score > 0).map((row) => row.username);
  if (first.length === 0 || first.length > STEPS) return texts.say("over.nobody");
  if (first.length === 1) return texts.say("over.winner", { name: first[0] });
  return texts.say("over.tie", { names: texts.list(first) });
}
