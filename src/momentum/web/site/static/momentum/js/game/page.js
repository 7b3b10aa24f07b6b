/**
 * The page's own parts: templates, slots, texts. Data becomes text nodes, never markup.
 *
 * @typedef {Record<string, string | number>} Values
 */

/** @param {ParentNode} root @param {string} name @returns {HTMLElement} */
export function slot(root, name) {
  const found = root.querySelector(`[data-slot="${name}"]`);
  if (!found) throw new Error(`the template has no slot "${name}"`);
  return /** @type {HTMLElement} */ (found);
}

/** Sets a slot's text; unchanged text is left alone, so that nothing is read out twice. */
export function write(/** @type {Element} */ element, /** @type {string} */ text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Writes texts into slots, by name. */
export function fill(/** @type {ParentNode} */ root, /** @type {Record<string, string>} */ texts) {
  for (const [name, text] of Object.entries(texts)) write(slot(root, name), text);
}

export function show(/** @type {HTMLElement} */ element, /** @type {unknown} */ visible) {
  element.hidden = !visible;
}

/** @param {string} id of a template @returns {HTMLElement} its first element, copied */
export function copyOf(id) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(id));
  const [first] = template.content.children;
  return /** @type {HTMLElement} */ (first.cloneNode(true));
}

/** @param {string} name @returns {Element} */
export function icon(name) {
  const icons = /** @type {HTMLTemplateElement} */ (document.getElementById("icons"));
  const found = icons.content.querySelector(`[data-icon="${name}"]`)?.firstElementChild;
  return /** @type {Element} */ (found?.cloneNode(true));
}

/** Makes `list` hold one element per item, made or kept by key, in order. */
export function keep(
  /** @type {Element} */ list,
  /** @type {any[]} */ items,
  /** @type {(item: any) => string} */ keyOf,
  /** @type {(item: any) => HTMLElement} */ make,
  /** @type {(element: HTMLElement, item: any) => void} */ update,
) {
  const known = new Map([...list.children].map((child) => [/** @type {HTMLElement} */ (child).dataset.key, child]));
  items.forEach((item, index) => {
    const key = keyOf(item);
    const element = /** @type {HTMLElement} */ (known.get(key) ?? make(item));
    element.dataset.key = key;
    known.delete(key);
    update(element, item);
    if (list.children[index] !== element) list.insertBefore(element, list.children[index] ?? null);
  });
  known.forEach((element) => element.remove());
}

export const LETTERS = "ABCDEF";

/** Fills an answer's sign: letter, shape, colour. `index` from 0. */
export function sign(/** @type {ParentNode} */ root, /** @type {number} */ index) {
  const element = slot(root, "sign");
  write(element, LETTERS[index]);
  element.dataset.option = String(index + 1);
}

export class Texts {
  /** @param {HTMLTemplateElement} template @param {string} language */
  constructor(template, language) {
    this.byKey = new Map(
      [...template.content.querySelectorAll("[data-key]")].map((element) => [
        /** @type {HTMLElement} */ (element).dataset.key,
        element.textContent ?? "",
      ]),
    );
    this.plurals = new Intl.PluralRules(language);
    this.numbers = new Intl.NumberFormat(language);
    this.lists = new Intl.ListFormat(language);
  }

  has(/** @type {string} */ key) {
    return this.byKey.has(key);
  }

  /** @param {string} key @param {Values} [values] */
  say(key, values = {}) {
    const text = this.byKey.get(key);
    if (text === undefined) throw new Error(`no text for "${key}"`);
    return text.replace(/\{(\w+)\}/g, (_, name) => this.#shown(values[name]));
  }

  /** @param {string} key @param {number} n @param {Values} [values] */
  count(key, n, values = {}) {
    const form = this.byKey.has(`${key}.${this.plurals.select(n)}`) ? this.plurals.select(n) : "other";
    return this.say(`${key}.${form}`, { ...values, n });
  }

  /** @param {string[]} parts */
  list(parts) {
    return this.lists.format(parts);
  }

  number(/** @type {number} */ value) {
    return this.numbers.format(value);
  }

  #shown(/** @type {string | number | undefined} */ value) {
    return typeof value === "number" ? this.number(value) : String(value ?? "");
  }
}
