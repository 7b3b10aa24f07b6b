import { copyOf, fill, show, slot, write } from "../page.js";
import { fillPlayers } from "./players.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../render.js").Kit} Kit */

/** What a player sees before the game starts. @param {Kit} kit */
export function lobbyView({ texts }) {
  const element = copyOf("view-lobby");
  return {
    element,
    announce: () => "",
    update(/** @type {State} */ state) {
      fill(element, {
        username: state.you?.username ?? "",
        wait: texts.say(state.hostPresent ? "lobby.wait" : "lobby.no-host"),
        count: texts.count("lobby.players", state.playerCount),
      });
      fillPlayers(slot(element, "players"), state, { texts });
    },
  };
}

/** The host's lobby: the server has drawn the PIN and the QR code, the game fills in who is here. @param {Kit} kit */
export function hostLobbyView({ texts, act }) {
  const element = /** @type {HTMLElement} */ (document.getElementById("host-lobby"));
  const start = /** @type {HTMLButtonElement} */ (element.querySelector("[data-act=start]"));
  const lock = /** @type {HTMLButtonElement} */ (element.querySelector("[data-act=lock]"));
  const close = /** @type {HTMLButtonElement} */ (element.querySelector("[data-act=ask-end]"));
  return {
    element,
    announce: () => "",
    update(/** @type {State} */ state, /** @type {import("../connection.js").Link} */ link) {
      const online = link.status === "open";
      start.disabled = !online || state.playerCount === 0;
      lock.disabled = close.disabled = !online;
      lock.setAttribute("aria-pressed", String(state.locked));
      write(slot(element, "reason"), texts.say(reason(state, online)));
      write(slot(element, "lock-label"), texts.say(state.locked ? "lobby.unlock" : "lobby.lock"));
      write(
        slot(element, "count"),
        state.playerCount ? texts.count("lobby.players", state.playerCount) : texts.say("lobby.nobody"),
      );
      show(slot(element, "empty"), state.playerCount === 0);
      fillPlayers(slot(element, "players"), state, { texts, onRemove: (player) => act("ask-kick", player) });
    },
  };
}

/** @param {State} state @param {boolean} online */
function reason(state, online) {
  if (!online) return "lobby.reason.offline";
  return state.playerCount === 0 ? "lobby.reason.nobody" : "lobby.reason.ready";
}
