import { copyOf, fill, LETTERS, show, sign, slot, write } from "../page.js";
import { enter, pop } from "../motion.js";
import { remaining } from "../timer.js";

/** @typedef {import("../state.js").State} State */

const HURRY_MS = 5_000;

/** The open question: read, choose, wait. @param {import("../render.js").Kit} kit @param {State} first */
export function questionView({ texts, choose }, first) {
  const element = copyOf("view-question");
  const question = /** @type {import("../state.js").Question} */ (first.question);
  const parts = {
    bar: slot(element, "bar"),
    seconds: slot(element, "seconds"),
    status: slot(element, "status"),
    progress: slot(element, "progress"),
  };
  const tiles = question.options.map((option, index) => tile(first, option, index));
  let latest = first;
  let timeUp = false;

  fill(element, { category: question.category, text: question.question_text });
  element.dataset.length = lengthOf(question.question_text.length, 60, 110);
  element.dataset.options = lengthOf(Math.max(...question.options.map((option) => option.length)), 16, 34);
  slot(element, "tiles").append(...tiles.map(({ item }) => item));
  tiles.forEach(({ item }, index) => enter(item, index * 40));
  tiles.forEach(({ button, option }) => button.addEventListener("click", () => choose(option)));

  function draw() {
    const { answer, progress } = latest;
    for (const { button, mark, option } of tiles) {
      const chosen = answer?.option === option && answer.status !== "refused";
      if (button instanceof HTMLButtonElement) button.disabled = !mayChoose(latest) || timeUp;
      if (chosen && mark && mark.hidden) pop(mark);
      if (mark) show(mark, chosen);
      button.classList.toggle("chosen", chosen);
    }
    element.classList.toggle("answered", Boolean(answer && answer.status !== "refused"));
    write(parts.status, status(latest, timeUp, texts));
    write(parts.progress, progress && progress.expected > 1 ? texts.say("question.progress", progress) : "");
  }

  return {
    element,
    announce: () =>
      texts.say("question.announce", {
        number: question.question_number,
        total: question.total_questions,
        text: question.question_text,
      }),
    update(/** @type {State} */ state) {
      latest = state;
      draw();
    },
    tick(/** @type {number} */ now) {
      const left = remaining(latest.timer, now);
      parts.bar.style.setProperty("transform", `scaleX(${latest.timer ? left / latest.timer.total : 0})`);
      write(parts.seconds, texts.number(Math.ceil(left / 1000)));
      element.classList.toggle("hurry", left <= HURRY_MS);
      if (timeUp === left > 0) {
        timeUp = left <= 0;
        draw();
      }
    },
    key(/** @type {string} */ key) {
      const index = LETTERS.toLowerCase().indexOf(key.toLowerCase());
      const wanted = tiles[index >= 0 ? index : Number(key) - 1];
      if (wanted) wanted.button.click();
    },
  };
}

/** @param {State} state @param {string} option @param {number} index */
function tile(state, option, index) {
  const plays = Boolean(state.you?.seated);
  const item = copyOf(plays ? "tile-button" : "tile-plain");
  const button = slot(item, "tile");
  button.dataset.option = String(index + 1);
  sign(item, index);
  fill(item, { text: option });
  return { item, button, option, mark: plays ? slot(item, "mark") : null };
}

/** @param {State} state */
const mayChoose = ({ question, answer, paused }) =>
  Boolean(question?.may_answer && !paused && (!answer || (answer.status === "refused" && answer.code === "no_such_option")));

/** @param {State} state @param {boolean} timeUp @param {import("../page.js").Texts} texts */
function status({ you, question, answer, result }, timeUp, texts) {
  if (!you?.seated) return "";
  if (result) return texts.say(result.is_correct ? "question.right" : "question.wrong");
  if (answer?.status === "saved") return texts.say("question.saved");
  if (answer?.status === "sending") return texts.say("question.sending");
  if (answer?.status === "refused") return texts.say(answer.code === "no_such_option" ? "question.refused" : "question.too-late");
  if (!question?.may_answer) return texts.say("question.next-one");
  return texts.say(timeUp ? "question.time-up" : "question.choose");
}

/** How long a text is, for the type that fits it. @param {number} length @param {number} short @param {number} medium */
const lengthOf = (length, short, medium) => (length <= short ? "short" : length <= medium ? "medium" : "long");
