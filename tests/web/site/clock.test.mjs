import assert from "node:assert/strict";
import { test } from "node:test";

import { Clock } from "../../../src/momentum/web/site/static/momentum/js/attempt/clock.js";

test("time is left from when it was asked for, and never less than none", () => {
  const clock = new Clock(15_000, 1_000);
  assert.equal(clock.left(1_000), 15_000);
  assert.equal(clock.left(6_000), 10_000);
  assert.equal(clock.left(99_000), 0);
});

for (const [ms, words] of [
  [0, "0:00"],
  [1, "0:01"],
  [59_000, "0:59"],
  [61_000, "1:01"],
  [3_600_000, "1:00:00"],
  [86_399_000, "23:59:59"],
  [2 * 86_400_000 + 3_723_000, "2 d 01:02:03"],
]) {
  test(`${ms} ms are ${words}`, () => assert.equal(new Clock(ms, 0).words(0), words));
}
