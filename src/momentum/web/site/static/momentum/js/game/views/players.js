import { fill, icon, keep } from "../page.js";
import { pop } from "../motion.js";

/** @typedef {import("../state.js").Player} Player */

const MOST = 60;

/**
 * The names of who is here, as chips.
 *
 * @param {HTMLElement} list
 * @param {import("../state.js").State} state
 * @param {{ texts: import("../page.js").Texts, onRemove?: (player: Player) => void }} options
 */
export function fillPlayers(list, state, { texts, onRemove }) {
  const chips = [...state.players].slice(0, MOST);
  const rest = state.playerCount - chips.length;
  const more = rest > 0 ? [{ user_id: "", more: texts.count("lobby.more", rest) }] : [];
  keep(
    list,
    [...chips, ...more],
    (item) => item.user_id,
    (item) => (item.more ? plainChip() : makeChip(item, texts, onRemove)),
    (chip, item) => updateChip(chip, item, state, texts),
  );
}

function plainChip() {
  const chip = document.createElement("li");
  chip.className = "chip more";
  chip.append(named("bdi", "name"), named("span", "note"));
  return chip;
}

/** @param {Player} player @param {import("../page.js").Texts} texts @param {((player: Player) => void) | undefined} onRemove */
function makeChip(player, texts, onRemove) {
  const chip = plainChip();
  chip.className = "chip";
  if (onRemove && !player.is_host) chip.append(removeButton(player, texts, onRemove));
  pop(chip);
  return chip;
}

/** @param {Player} player @param {import("../page.js").Texts} texts @param {(player: Player) => void} onRemove */
function removeButton(player, texts, onRemove) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "chip-remove";
  button.setAttribute("aria-label", texts.say("lobby.remove", { name: player.username }));
  button.append(icon("remove"));
  button.addEventListener("click", () => onRemove(player));
  return button;
}

/** @param {HTMLElement} chip @param {any} item @param {import("../state.js").State} state @param {import("../page.js").Texts} texts */
function updateChip(chip, item, state, texts) {
  const notes = [];
  if (item.user_id && item.user_id === state.you?.user_id) notes.push(texts.say("lobby.you"));
  if (item.connected === false) notes.push(texts.say("lobby.away"));
  fill(chip, { name: item.more ?? item.username, note: notes.join(", ") });
  chip.classList.toggle("away", item.connected === false);
  chip.classList.toggle("own", notes.length > 0 && item.user_id === state.you?.user_id);
}

/** @param {string} tag @param {string} name */
function named(tag, name) {
  const element = document.createElement(tag);
  element.dataset.slot = name;
  return element;
}
