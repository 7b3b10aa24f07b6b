/** Copying a link. The clipboard is for secure contexts only; on a plain LAN a selection is copied. */

import { write } from "./page.js";

const TOLD_MS = 2_500;

/** @param {HTMLElement} button with the text in data-copy @param {import("./page.js").Texts} texts */
export async function copyFrom(button, texts) {
  const label = /** @type {HTMLElement} */ (button.querySelector("[data-copy-label]"));
  const before = label.textContent ?? "";
  const copied = await copy(button.dataset.copy ?? "").then(
    () => true,
    () => false,
  );
  write(label, texts.say(copied ? "link.copied" : "link.copy-failed"));
  setTimeout(() => write(label, before), TOLD_MS);
}

/** @param {string} text */
async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  field.readOnly = true;
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  if (!copied) throw new Error("copying is not allowed");
}
