import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Refused } from "../../../src/momentum/web/site/static/momentum/js/game/admission.js";
import {
  Connection,
  LAST_BACKOFF_MS,
  OPENING_MS,
  PING_MS,
  SILENCE_MS,
} from "../../../src/momentum/web/site/static/momentum/js/game/connection.js";
import { closed, gameState, question } from "./cast.mjs";

/** Time that passes only when the test says so. */
class FakeTime {
  now = 0;
  waiting = new Map();
  next = 0;

  setTimeout = (act, ms) => {
    this.waiting.set(++this.next, { act, at: this.now + ms });
    return this.next;
  };

  clearTimeout = (timer) => this.waiting.delete(timer);

  async pass(ms) {
    const end = this.now + ms;
    for (;;) {
      const due = [...this.waiting].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      this.waiting.delete(due[0]);
      this.now = due[1].at;
      due[1].act();
      await settled();
    }
    this.now = end;
  }
}

class FakeSocket {
  sent = [];
  isClosed = false;

  constructor(url) {
    this.url = url;
  }

  send(data) {
    this.sent.push(JSON.parse(data));
  }

  close() {
    this.isClosed = true;
  }

  hear(type, payload = {}) {
    this.onmessage({ data: JSON.stringify({ type, payload }) });
  }

  /** @param {string} resume_token */
  admit(resume_token = "resume-1", changes = {}) {
    this.onopen();
    this.hear("GAME_STATE", gameState({ resume_token, ...changes }));
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

let world;

beforeEach(() => {
  world = { time: new FakeTime(), sockets: [], messages: [], links: [], tickets: 0, kept: null, random: 0.5 };
  world.getTicket = async () => ({ token: `ticket-${++world.tickets}`, url: "ws://site:8080/ws/contests/g1" });
  world.connection = new Connection({
    getTicket: () => world.getTicket(),
    store: {
      load: () => world.kept,
      save: (admission) => (world.kept = admission),
      clear: () => (world.kept = null),
    },
    onMessage: (message) => world.messages.push(message.type),
    onLink: (link) => world.links.push(link),
    surroundings: {
      openSocket: (url) => {
        world.sockets.push(new FakeSocket(url));
        return world.sockets.at(-1);
      },
      now: () => world.time.now,
      setTimeout: world.time.setTimeout,
      clearTimeout: world.time.clearTimeout,
      random: () => world.random,
    },
  });
});

const socket = () => world.sockets.at(-1);

async function connected(changes) {
  await world.connection.start();
  socket().admit("resume-1", changes);
  return socket();
}

test("the first frame is the ticket, and GAME_STATE opens the connection", async () => {
  await world.connection.start();
  assert.equal(socket().url, "ws://site:8080/ws/contests/g1");
  socket().onopen();
  assert.deepEqual(socket().sent, [{ type: "AUTHENTICATE", token: "ticket-1" }]);
  socket().hear("GAME_STATE", gameState());
  assert.deepEqual(world.links, [{ status: "connecting" }, { status: "open" }]);
  assert.deepEqual(world.messages, ["GAME_STATE"]);
});

test("the newest resume token is kept, with the address", async () => {
  await connected();
  socket().hear("GAME_STATE", gameState({ resume_token: "resume-2" }));
  assert.deepEqual(world.kept, { token: "resume-2", url: "ws://site:8080/ws/contests/g1", urls: [] });
});

/** The socket breaks, or is closed with `code`; the next one is tried. */
async function lose(code = 1006) {
  socket().onclose({ code });
  await world.time.pass(LAST_BACKOFF_MS);
  return socket();
}

test("where an address lets nobody in, the next one is tried", async () => {
  const urls = ["ws://one/ws/contests/g1", "ws://two/ws/contests/g1"];
  await world.time.pass(1);
  await connected({ websocket_urls: urls });
  assert.equal((await lose()).url, "ws://site:8080/ws/contests/g1", "who was inside comes back there first");
  assert.equal((await lose()).url, urls[0]);
  assert.equal((await lose()).url, urls[1]);
  assert.equal((await lose()).url, urls[0]);
});

test("who knows one node only, and finds it gone, asks the site where the game is", async () => {
  await world.time.pass(1);
  await connected({ websocket_urls: ["ws://site:8080/ws/contests/g1"] });
  world.getTicket = async () => ({ token: "ticket-9", url: "ws://two/ws/contests/g1" });
  for (let tries = 0; tries < 2; tries++) assert.equal((await lose()).url, "ws://site:8080/ws/contests/g1");
  assert.equal((await lose()).url, "ws://two/ws/contests/g1");
});

test("who is told where the game has moved goes there with the same token", async () => {
  await connected();
  await lose(4440);
  socket().hear("GAME_MOVED", { websocket_url: "ws://two/ws/contests/g1" });
  await lose(4443);
  assert.equal(socket().url, "ws://two/ws/contests/g1");
  socket().onopen();
  assert.deepEqual(socket().sent, [{ type: "AUTHENTICATE", token: "resume-1" }]);
});

test("an answer from before a restore is not sent again", async () => {
  await connected({ incarnation: "first" });
  world.connection.answer("q1", "Lima");
  await lose();
  socket().admit("resume-2", { incarnation: "second", question: { ...question(), your_answer: null } });
  assert.deepEqual(socket().sent.map(({ type }) => type), ["AUTHENTICATE"]);
});

test("a reload comes back with the kept token and asks the site for nothing", async () => {
  world.kept = { token: "resume-7", url: "ws://elsewhere/ws/contests/g1" };
  await world.connection.start();
  socket().onopen();
  assert.equal(socket().url, "ws://elsewhere/ws/contests/g1");
  assert.equal(socket().sent[0].token, "resume-7");
  assert.equal(world.tickets, 0);
});

test("after a drop it waits, then comes back with the resume token", async () => {
  await connected();
  socket().onclose({ code: 1006 });
  assert.equal(world.links.at(-1).status, "waiting");
  await world.time.pass(250);
  socket().admit("resume-2");
  assert.equal(world.sockets.length, 2);
  assert.equal(socket().sent[0].token, "resume-1");
  assert.equal(world.links.at(-1).status, "open");
});

test("waits grow up to a bound, and chance spreads them from nothing on", async () => {
  world.random = 0.999;
  await connected();
  const waits = [];
  for (let n = 0; n < 14; n += 1) {
    const start = world.time.now;
    socket().onclose({ code: 1012 });
    const known = world.sockets.length;
    while (world.sockets.length === known) await world.time.pass(1);
    waits.push(world.time.now - start);
  }
  assert.deepEqual(waits, [250, 325, 423, 549, 714, 928, 1206, 1568, 2038, 2649, 3444, 4476, 4995, 4995]);
  assert.ok(waits.every((ms) => ms <= LAST_BACKOFF_MS));
  world.random = 0;
  socket().onclose({ code: 1012 });
  await world.time.pass(0);
  assert.equal(world.sockets.length, 16);
});

test("a connection that held for a while makes the next wait short again", async () => {
  world.random = 0.999;
  await connected();
  for (let n = 0; n < 5; n += 1) {
    socket().onclose({ code: 1006 });
    await world.time.pass(LAST_BACKOFF_MS);
  }
  socket().admit();
  await world.time.pass(3000);
  socket().onclose({ code: 1006 });
  const known = world.sockets.length;
  await world.time.pass(250);
  assert.equal(world.sockets.length, known + 1);
});

test("a server that admits and drops at once is not asked ever faster", async () => {
  world.random = 0.999;
  await connected();
  for (let n = 0; n < 6; n += 1) {
    socket().onclose({ code: 1011 });
    await world.time.pass(LAST_BACKOFF_MS);
    socket().admit();
  }
  const known = world.sockets.length;
  socket().onclose({ code: 1011 });
  await world.time.pass(1000);
  assert.equal(world.sockets.length, known);
});

test("an unacknowledged answer is sent again after the return", async () => {
  const open = question(1, { remaining_ms: 4000, your_answer: null, may_answer: true });
  await connected({ phase: "question", question: open });
  world.connection.answer("q1", "Lima");
  const answer = { type: "SUBMIT_ANSWER", question_id: "q1", answer: "Lima" };
  assert.deepEqual(socket().sent.at(-1), answer);
  socket().onclose({ code: 1006 });
  await world.time.pass(250);
  socket().admit("resume-2", { phase: "question", question: open });
  assert.deepEqual(socket().sent.at(-1), answer);
});

test("an answer given while there is no connection is sent when there is one", async () => {
  const open = question(1, { remaining_ms: 4000, your_answer: null, may_answer: true });
  await connected({ phase: "question", question: open });
  socket().onclose({ code: 1006 });
  world.connection.answer("q1", "Lima");
  await world.time.pass(250);
  socket().admit("resume-2", { phase: "question", question: open });
  assert.equal(socket().sent.at(-1).answer, "Lima");
});

for (const [what, changes] of [
  ["was kept", { phase: "question", question: question(1, { remaining_ms: 1, your_answer: "Lima", may_answer: false }) }],
  ["is too late, for its question has closed", { phase: "reveal", closed: closed(1) }],
  ["belongs to an earlier question", { phase: "question", question: question(2, { remaining_ms: 1, your_answer: null }) }],
]) {
  test(`an answer that ${what} is not sent again`, async () => {
    await connected({ phase: "question", question: question(1, { remaining_ms: 9, your_answer: null, may_answer: true }) });
    world.connection.answer("q1", "Lima");
    socket().onclose({ code: 1006 });
    await world.time.pass(250);
    socket().admit("resume-2", changes);
    assert.deepEqual(socket().sent.map(({ type }) => type), ["AUTHENTICATE"]);
  });
}

for (const type of ["ANSWER_ACCEPTED", "ANSWER_RESULT"]) {
  test(`${type} acknowledges the answer`, async () => {
    await connected();
    world.connection.answer("q1", "Lima");
    socket().hear(type, { question_id: "q0" });
    assert.notEqual(world.connection.unacknowledged, null);
    socket().hear(type, { question_id: "q1" });
    assert.equal(world.connection.unacknowledged, null);
  });
}

test("an answer that met a paused game is sent again when it goes on", async () => {
  await connected();
  world.connection.answer("q1", "Lima");
  socket().hear("ERROR", { code: "paused", message: "", question_id: "q1" });
  socket().hear("GAME_RESUMED", { remaining_ms: 3000 });
  assert.equal(socket().sent.filter(({ type }) => type === "SUBMIT_ANSWER").length, 2);
});

test("an answer that met a game being restored is sent again after the return", async () => {
  const open = question(1, { remaining_ms: 4000, your_answer: null, may_answer: true });
  await connected({ phase: "question", question: open });
  world.connection.answer("q1", "Lima");
  socket().hear("ERROR", { code: "unavailable", message: "", question_id: "q1" });
  socket().onclose({ code: 4440 });
  await world.time.pass(250);
  socket().admit("resume-2", { phase: "question", question: open });
  assert.deepEqual(socket().sent.at(-1), { type: "SUBMIT_ANSWER", question_id: "q1", answer: "Lima" });
});

for (const code of ["unavailable", "paused"]) {
  test(`an answer that met ${code} is not sent again once its question has closed`, async () => {
    await connected();
    world.connection.answer("q1", "Lima");
    socket().hear("ERROR", { code, message: "", question_id: "q1" });
    socket().hear("QUESTION_CLOSED", closed(1));
    socket().hear("GAME_RESUMED", { remaining_ms: null });
    assert.equal(socket().sent.filter(({ type }) => type === "SUBMIT_ANSWER").length, 1);
  });
}

test("the refusal of something else leaves the answer alone", async () => {
  await connected();
  world.connection.answer("q1", "Lima");
  socket().hear("ERROR", { code: "not_now", message: "", question_id: null });
  assert.notEqual(world.connection.unacknowledged, null);
});

test("the refusal of an earlier answer, heard twice, leaves this one alone", async () => {
  await connected();
  world.connection.answer("q2", "Lima");
  socket().hear("ERROR", { code: "wrong_question", message: "", question_id: "q1" });
  assert.equal(world.connection.unacknowledged.questionId, "q2");
});

test("a refused answer is not sent again", async () => {
  await connected();
  world.connection.answer("q1", "Lima");
  socket().hear("ERROR", { code: "too_late", message: "", question_id: "q1" });
  assert.equal(world.connection.unacknowledged, null);
});

test("a refused resume token is dropped and a ticket fetched at once", async () => {
  world.kept = { token: "stale", url: "ws://site" };
  await world.connection.start();
  socket().onclose({ code: 4401 });
  await settled();
  socket().onopen();
  assert.equal(socket().sent[0].token, "ticket-1");
});

test("tickets that are refused again and again end it", async () => {
  await world.connection.start();
  for (let n = 0; n < 3; n += 1) {
    socket().onclose({ code: 4401 });
    await world.time.pass(LAST_BACKOFF_MS);
  }
  assert.deepEqual(world.links.at(-1), { status: "closed", code: 4401 });
});

test("a site that refuses a ticket ends it with the site's reason", async () => {
  world.getTicket = async () => {
    throw new Refused("Join with the PIN first.", 403);
  };
  await world.connection.start();
  await world.time.pass(60_000);
  assert.deepEqual(world.links.at(-1), { status: "closed", code: 403, message: "Join with the PIN first." });
  assert.equal(world.sockets.length, 0);
});

test("a site that is down for a moment is asked again", async () => {
  const { getTicket } = world;
  world.getTicket = async () => {
    throw new TypeError("Failed to fetch");
  };
  await world.connection.start();
  assert.equal(world.links.at(-1).status, "waiting");
  world.getTicket = getTicket;
  await world.time.pass(LAST_BACKOFF_MS);
  assert.equal(world.sockets.length, 1);
});

test("a site that never answers is asked again", async () => {
  const { getTicket } = world;
  world.getTicket = () => new Promise(() => {});
  world.connection.start();
  await world.time.pass(OPENING_MS);
  assert.equal(world.links.at(-1).status, "waiting");
  world.getTicket = getTicket;
  await world.time.pass(250);
  assert.equal(world.sockets.length, 1);
});

for (const code of [1000, 4403, 4404, 4409, 4441, 4442]) {
  test(`close code ${code} is final`, async () => {
    await connected();
    socket().onclose({ code });
    await world.time.pass(60_000);
    assert.equal(world.sockets.length, 1);
    assert.deepEqual(world.links.at(-1), { status: "closed", code });
    assert.equal(world.kept, null);
  });
}

for (const code of [1001, 1006, 1011, 1012, 4408, 4429, 4430, 4431, 4440]) {
  test(`close code ${code} means: come back`, async () => {
    await connected();
    socket().onclose({ code });
    await world.time.pass(250);
    assert.equal(world.sockets.length, 2);
  });
}

test("after a final close a person may start anew", async () => {
  await connected();
  socket().onclose({ code: 4409 });
  await world.connection.start();
  socket().admit();
  assert.equal(world.links.at(-1).status, "open");
});

test("it pings so that a quiet game is not taken for a dead one", async () => {
  await connected();
  await world.time.pass(PING_MS);
  assert.deepEqual(socket().sent.at(-1), { type: "PING" });
  socket().hear("PONG");
  await world.time.pass(SILENCE_MS - 1);
  assert.equal(world.sockets.length, 1);
});

test("silence means a dead connection: it is left and made anew", async () => {
  const first = await connected();
  await world.time.pass(SILENCE_MS);
  assert.equal(first.isClosed, true);
  assert.equal(world.links.at(-1).status, "waiting");
  await world.time.pass(250);
  assert.equal(world.sockets.length, 2);
});

test("a socket that never opens is given up", async () => {
  await world.connection.start();
  await world.time.pass(OPENING_MS + 250);
  assert.equal(world.sockets.length, 2);
});

test("waking up checks the connection at once", async () => {
  await connected();
  world.connection.check();
  assert.deepEqual(socket().sent.at(-1), { type: "PING" });
  await world.time.pass(2750);
  assert.equal(world.sockets.length, 2);
});

test("waking up to a living connection changes nothing", async () => {
  await connected();
  world.connection.check();
  socket().hear("PONG");
  await world.time.pass(5000);
  assert.equal(world.sockets.length, 1);
});

test("waking up while it waits tries at once", async () => {
  world.random = 0.999;
  await connected();
  socket().onclose({ code: 1006 });
  world.connection.check();
  await settled();
  assert.equal(world.sockets.length, 2);
});

test("an abandoned socket is not heard any more", async () => {
  const first = await connected();
  await world.time.pass(SILENCE_MS + 250);
  const heard = world.messages.length;
  first.hear("PONG");
  first.onclose({ code: 4403 });
  assert.equal(world.messages.length, heard);
  assert.notEqual(world.links.at(-1).status, "closed");
});

test("commands are dropped while there is no connection", async () => {
  await connected();
  socket().onclose({ code: 1006 });
  world.connection.send({ type: "SKIP_QUESTION" });
  await world.time.pass(250);
  socket().admit();
  assert.deepEqual(socket().sent.map(({ type }) => type), ["AUTHENTICATE"]);
});
