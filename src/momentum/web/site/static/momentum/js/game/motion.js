/** Motion, for those who want it. */

const EASE = "cubic-bezier(0.2, 0.8, 0.2, 1)";
const still = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)");

/**
 * Animates an element as soon as it stands on the page: what is built beside it would wait for ever.
 *
 * @param {Element} element @param {Keyframe[]} frames @param {KeyframeAnimationOptions} options
 */
export function animate(element, frames, options) {
  if (still?.matches) return;
  queueMicrotask(() => {
    if (element.isConnected) element.animate(frames, { easing: EASE, fill: "backwards", ...options });
  });
}

export const enter = (/** @type {Element} */ element, delay = 0) =>
  animate(element, [{ opacity: 0, transform: "translateY(12px)" }, { opacity: 1, transform: "none" }], {
    duration: 240,
    delay,
  });

export const pop = (/** @type {Element} */ element, delay = 0) =>
  animate(element, [{ opacity: 0, transform: "scale(0.6)" }, { opacity: 1, transform: "none" }], { duration: 260, delay });

export const rise = (/** @type {Element} */ element, delay = 0) =>
  animate(element, [{ opacity: 0, transform: "translateY(40%)" }, { opacity: 1, transform: "none" }], {
    duration: 620,
    delay,
  });
