/**
 * What is left of a span of time, on a clock that is handed in (milliseconds, monotonic).
 * A frozen timer (`since` null) stands still.
 *
 * @typedef {{ total: number, left: number, since: number | null }} Timer
 */

/**
 * @param {number} left
 * @param {number} now
 * @param {number} [total]
 * @returns {Timer}
 */
export const startTimer = (left, now, total = left) => ({ total, left, since: now });

/** @param {Timer | null} timer @param {number} now */
export function remaining(timer, now) {
  if (!timer) return 0;
  return Math.max(0, timer.since === null ? timer.left : timer.left - (now - timer.since));
}

/**
 * @param {Timer | null} timer
 * @param {number} now
 * @returns {Timer | null}
 */
export const freeze = (timer, now) => timer && { ...timer, left: remaining(timer, now), since: null };

/**
 * @param {Timer | null} timer
 * @param {number | null} left what the server says is left; null: what was left when it froze
 * @param {number} now
 * @returns {Timer | null}
 */
export const thaw = (timer, left, now) => timer && { ...timer, left: left ?? remaining(timer, now), since: now };
