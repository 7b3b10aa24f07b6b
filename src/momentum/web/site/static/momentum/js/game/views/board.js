import { copyOf, fill, show, slot } from "../page.js";

/** @typedef {import("../state.js").ScoreRow} ScoreRow */

/**
 * The first `most` rows, and the own one below them where it stands further down.
 *
 * @param {ScoreRow[]} rows
 * @param {ScoreRow | null} own
 * @param {number} most
 */
export function shown(rows, own, most) {
  const top = rows.slice(0, most);
  return own && !top.some((row) => row.user_id === own.user_id) ? [...top, own] : top;
}

/**
 * @param {HTMLElement} list
 * @param {ScoreRow[]} rows
 * @param {{ you: string | undefined, texts: import("../page.js").Texts, earned?: boolean }} options
 */
export function fillBoard(list, rows, { you, texts, earned = true }) {
  const elements = rows.map((row, index) => {
    const element = copyOf("board-row");
    const isYou = row.user_id === you;
    fill(element, {
      rank: texts.number(row.rank),
      name: isYou ? `${row.username} (${texts.say("board.you")})` : row.username,
      earned: earned && row.points_earned ? texts.say("board.earned", { points: row.points_earned }) : "",
      score: texts.number(row.score),
    });
    show(slot(element, "earned"), earned);
    element.classList.toggle("own", isYou);
    element.classList.toggle("apart", index > 0 && row.rank > rows[index - 1].rank + 1 && index === rows.length - 1);
    return element;
  });
  list.replaceChildren(...elements);
}
