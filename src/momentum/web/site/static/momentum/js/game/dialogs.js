/** Asking before something that cannot be undone, telling what was refused. */

import { write } from "./page.js";

const TOAST_MS = 5_000;

/**
 * Asks in a dialog; resolves to whether the person agreed.
 *
 * @param {string} id of the dialog
 * @param {string} [name] of whom it is about
 * @returns {Promise<boolean>}
 */
export function confirmed(id, name = "") {
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById(id));
  const slot = dialog.querySelector("[data-slot=name]");
  if (slot) write(slot, name);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

/** A short note over the page. What the server put into it goes away in the same time. */
export class Toast {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.timer = this.#hideLater();
  }

  /** @param {string} message */
  show(message) {
    write(this.element, message);
    this.element.hidden = false;
    clearTimeout(this.timer);
    this.timer = this.#hideLater();
  }

  #hideLater() {
    return setTimeout(() => (this.element.hidden = true), TOAST_MS);
  }
}
