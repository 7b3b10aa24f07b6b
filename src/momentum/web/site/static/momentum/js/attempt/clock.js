/** What is left of a span of time, by a monotonic clock that is handed in: a wrong clock of the device changes nothing. */
export class Clock {
  /** @param {number} remainingMs what the server said was left @param {number} since when it was asked */
  constructor(remainingMs, since) {
    this.remainingMs = remainingMs;
    this.since = since;
  }

  /** @param {number} now */
  left(now) {
    return Math.max(0, this.remainingMs - (now - this.since));
  }

  /** "2 d 03:04:05", "3:04:05" or "4:05". @param {number} now */
  words(now) {
    const total = Math.ceil(this.left(now) / 1000);
    const [days, hours, minutes, seconds] = [
      Math.floor(total / 86_400),
      Math.floor(total / 3_600) % 24,
      Math.floor(total / 60) % 60,
      total % 60,
    ];
    const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
    if (days) return `${days} d ${two(hours)}:${two(minutes)}:${two(seconds)}`;
    if (hours) return `${hours}:${two(minutes)}:${two(seconds)}`;
    return `${minutes}:${two(seconds)}`;
  }
}

/** Tells when a device has slept: its monotonic clock may have stood still meanwhile, while the other one went on. */
export class SleepWatch {
  /** @param {number} wall @param {number} now both in milliseconds */
  constructor(wall, now) {
    this.apart = wall - now;
  }

  /** Whether it has slept since it was asked last, or somebody has set its clock. @param {number} wall @param {number} now */
  hasSlept(wall, now) {
    const slept = Math.abs(wall - now - this.apart) > 1_000;
    this.apart = wall - now;
    return slept;
  }
}
