/** Copying a link. The clipboard is for secure contexts only; on a plain LAN a selection is copied. */

import { write } from "./page.js";

const TOLD_MS = 2_500;
/** @type {Map<Element, { text: string, timer: any }>} what a label said before it told of the copy */
const telling = new Map();

/** @param {HTMLElement} button with the text in data-copy @param {import("./page.js").Texts} texts */
export async function copyFrom(button, texts) {
  const label = /** @type {HTMLElement} */ (button.querySelector("[data-copy-label]"));
  const copied = await copy(button.dataset.copy ?? "").then(
    () => true,
    () => false,
  );
  tell(label, texts.say(copied ? "link.copied" : "link.copy-failed"));
}

/** Shows a text in a label for a while. @param {Element} label @param {string} text */
function tell(label, text) {
  const { text: before, timer } = telling.get(label) ?? { text: label.textContent ?? "", timer: null };
  clearTimeout(timer);
  write(label, text);
  const restore = () => {
    telling.delete(label);
    write(label, before);
  };
  telling.set(label, { text: before, timer: setTimeout(restore, TOLD_MS) });
}

/** @param {string} text */
async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  const field = document.createElement("textarea");
  field.value = text;
  field.readOnly = true;
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  focused?.focus({ preventScroll: true });
  if (!copied) throw new Error("copying is not allowed");
}
