/**
 * Ways into a game: the resume token of the latest GAME_STATE, kept for this tab, or a fresh ticket from the site.
 * `urls`: every address at which the game may be reached, `url` the one to try now.
 *
 * @typedef {{ token: string, url: string, urls?: string[] }} Admission
 */

/** The site said no, and asking again will not help. `status` is that of its answer. */
export class Refused extends Error {
  /** @param {string} message @param {number} status */
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

const TRY_AGAIN = new Set([408, 425, 429]);

/**
 * Asks the site for a ticket. Throws Refused, or anything else where it makes sense to ask again later.
 *
 * @param {{ url: string, gameId: string, csrf: () => string, fetch?: typeof globalThis.fetch }} options
 * @returns {() => Promise<Admission>}
 */
export const ticketOffice = ({ url, gameId, csrf, fetch = globalThis.fetch.bind(globalThis) }) => async () => {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf() },
    credentials: "same-origin",
    body: JSON.stringify({ contestId: gameId }),
  });
  if (answer.ok) {
    const { token, websocketUrl } = await answer.json();
    return { token, url: websocketUrl };
  }
  if (answer.status >= 500 || TRY_AGAIN.has(answer.status)) throw new Error(`the site answered ${answer.status}`);
  throw new Refused(await reason(answer), answer.status);
};

/** @param {Response} answer */
async function reason(answer) {
  try {
    const { message, detail } = await answer.json();
    return [message, detail].find((text) => typeof text === "string") ?? "";
  } catch {
    return "";
  }
}

/** The same way in at the next address; the one there is where there are no others. @param {Admission} admission */
export function atNextAddress(admission) {
  const urls = admission.urls ?? [];
  const url = urls[(urls.indexOf(admission.url) + 1) % urls.length] ?? admission.url;
  return { ...admission, url };
}

/**
 * Where the admission of one game is kept: in this tab only. Storage that the browser refuses is done without.
 *
 * @param {string} gameId
 * @param {() => Storage} storage
 */
export function admissionStore(gameId, storage = () => globalThis.sessionStorage) {
  const key = `momentum:admission:${gameId}`;
  return {
    /** @returns {Admission | null} */
    load() {
      try {
        return JSON.parse(storage().getItem(key) ?? "null");
      } catch {
        return null;
      }
    },
    /** @param {Admission} admission */
    save(admission) {
      try {
        storage().setItem(key, JSON.stringify(admission));
      } catch {
        // Then a reload asks the site for a ticket.
      }
    },
    clear() {
      try {
        storage().removeItem(key);
      } catch {
        // Nothing was kept.
      }
    },
  };
}
