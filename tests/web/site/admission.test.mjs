import assert from "node:assert/strict";
import { test } from "node:test";

import { admissionStore, Refused, ticketOffice } from "../../../src/momentum/web/site/static/momentum/js/game/admission.js";

const answering = (status, body) => {
  const calls = [];
  const fetch = async (url, options) => {
    calls.push({ url, ...options });
    return new Response(typeof body === "string" ? body : JSON.stringify(body), { status });
  };
  return { calls, getTicket: ticketOffice({ url: "/api/contest/token", gameId: "g1", csrf: () => "c5rf", fetch }) };
};

test("a ticket is asked for by the game's id, with the CSRF header", async () => {
  const { calls, getTicket } = answering(200, { token: "t", websocketUrl: "ws://site/ws/contests/g1" });
  assert.deepEqual(await getTicket(), { token: "t", url: "ws://site/ws/contests/g1" });
  assert.equal(calls[0].method, "POST");
  assert.equal(calls[0].headers["X-CSRFToken"], "c5rf");
  assert.deepEqual(JSON.parse(calls[0].body), { contestId: "g1" });
});

for (const [body, said] of [
  [{ message: "Join with the PIN." }, "Join with the PIN."],
  [{ detail: "No." }, "No."],
  [{ detail: [{ loc: [] }] }, ""],
  ["<h1>Forbidden</h1>", ""],
]) {
  test(`a refusal brings the site's reason, where ${JSON.stringify(body)} has one`, async () => {
    await assert.rejects(answering(403, body).getTicket(), (error) => {
      assert.ok(error instanceof Refused);
      assert.equal(error.status, 403);
      assert.equal(error.message, said);
      return true;
    });
  });
}

for (const status of [429, 500, 502, 503]) {
  test(`status ${status} means: ask again later`, async () => {
    await assert.rejects(answering(status, "").getTicket(), (error) => !(error instanceof Refused));
  });
}

test("an admission is kept per game", () => {
  const kept = new Map();
  const storage = () => ({
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
  });
  const store = admissionStore("g1", storage);
  assert.equal(store.load(), null);
  store.save({ token: "t", url: "u" });
  assert.deepEqual(admissionStore("g1", storage).load(), { token: "t", url: "u" });
  assert.equal(admissionStore("g2", storage).load(), null);
  store.clear();
  assert.equal(store.load(), null);
});

test("a browser that refuses storage plays without it", () => {
  const store = admissionStore("g1", () => {
    throw new Error("denied");
  });
  store.save({ token: "t", url: "u" });
  store.clear();
  assert.equal(store.load(), null);
});
