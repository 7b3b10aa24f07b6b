import assert from "node:assert/strict";
import { test } from "node:test";

import { Clock, SleepWatch } from "../../../src/momentum/web/site/static/momentum/js/attempt/clock.js";

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

test("a device that has slept is noticed once, however wrong its clock is", () => {
  const watch = new SleepWatch(978_307_200_000, 500);
  assert.equal(watch.hasSlept(978_307_210_000, 10_500), false);
  assert.equal(watch.hasSlept(978_307_270_000, 10_600), true);
  assert.equal(watch.hasSlept(978_307_271_000, 11_600), false);
});
