import assert from "node:assert/strict";
import { test } from "node:test";

import { initialState, reduce } from "../../../src/momentum/web/site/static/momentum/js/game/state.js";
import { remaining } from "../../../src/momentum/web/site/static/momentum/js/game/timer.js";
import { BOB, CHARLIE, closed, gameState, message, over, question, result, row, you } from "./cast.mjs";

const after = (messages, from = initialState(), now = 0) =>
  messages.reduce((state, [type, payload, outer]) => reduce(state, message(type, payload, outer), now), from);

const inLobby = (changes) => after([["GAME_STATE", gameState(changes)]]);
const inQuestion = (changes) => after([["NEW_QUESTION", question(1)]], inLobby(changes));

const frozen = (value) => {
  if (value && typeof value === "object" && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
};

test("before the first message the page is connecting", () => {
  assert.equal(initialState().phase, "connecting");
});

test("GAME_STATE in the lobby tells who is here and who I am", () => {
  const state = inLobby({ players: [BOB, CHARLIE], player_count: 2, locked: true, host_present: false });
  assert.equal(state.phase, "lobby");
  assert.deepEqual(state.players, [BOB, CHARLIE]);
  assert.equal(state.playerCount, 2);
  assert.equal(state.you.username, "Bob");
  assert.equal(state.locked, true);
  assert.equal(state.hostPresent, false);
});

test("GAME_STATE in the countdown brings what is left of it", () => {
  const state = after([["GAME_STATE", gameState({ phase: "starting", starts_in_ms: 2000 })]], undefined, 100);
  assert.equal(remaining(state.timer, 600), 1500);
});

test("GAME_STATE in a question brings the question, its clock and the answer that was kept", () => {
  const open = question(1, { remaining_ms: 4000, your_answer: "Lima", may_answer: false });
  const state = after([["GAME_STATE", gameState({ phase: "question", question: open, answered: 1, expected: 3 })]]);
  assert.equal(state.question.question_text, open.question_text);
  assert.deepEqual(state.answer, { questionId: "q1", option: "Lima", status: "saved" });
  assert.deepEqual(state.progress, { answered: 1, expected: 3 });
  assert.equal(remaining(state.timer, 1000), 3000);
  assert.equal(state.timer.total, 15000);
});

test("GAME_STATE in a paused question brings a clock that stands still", () => {
  const open = question(1, { remaining_ms: 4000, your_answer: null, may_answer: true });
  const state = after([["GAME_STATE", gameState({ phase: "question", paused: true, question: open })]]);
  assert.deepEqual(state.paused, { reason: "host" });
  assert.equal(remaining(state.timer, 60_000), 4000);
});

test("GAME_STATE in a reveal brings the closing and the own result", () => {
  const state = inLobby({ phase: "reveal", closed: closed(), your_result: result() });
  assert.equal(state.closed.correct_answer, "La Paz");
  assert.equal(state.result.points_awarded, 900);
  assert.equal(remaining(state.timer, 1000), 5000);
});

test("GAME_STATE in a reveal that waits for the host has no clock", () => {
  assert.equal(inLobby({ phase: "reveal", closed: closed(1, { next_in_ms: null }) }).timer, null);
});

test("GAME_STATE after the end brings the final board", () => {
  assert.equal(inLobby({ phase: "over", over: over() }).over.final_scoreboard.length, 1);
});

test("GAME_STATE replaces what was known and starts to count messages anew", () => {
  const before = after([["GAME_LOCKED", { locked: true }, { seq: 9, rev: 4 }]], inLobby());
  const state = reduce(before, message("GAME_STATE", gameState(), { seq: 1, rev: 5 }), 0);
  assert.equal(state.locked, false);
  assert.equal(state.seq, 1);
  assert.equal(state.rev, 5);
});

test("PLAYER_JOINED and PLAYER_LEFT bring the new list and count", () => {
  const joined = after([["PLAYER_JOINED", { ...CHARLIE, player_count: 2, players: [BOB, CHARLIE] }]], inLobby());
  assert.deepEqual(joined.players, [BOB, CHARLIE]);
  assert.equal(joined.playerCount, 2);
  const left = after([["PLAYER_LEFT", { ...CHARLIE, reason: "left", player_count: 1, players: [BOB] }]], joined);
  assert.deepEqual(left.players, [BOB]);
  assert.equal(left.playerCount, 1);
});

test("PLAYER_CONNECTION touches one player", () => {
  const here = inLobby({ players: [BOB, CHARLIE] });
  const state = after([["PLAYER_CONNECTION", { user_id: "charlie", connected: false }]], here);
  assert.deepEqual(state.players, [BOB, { ...CHARLIE, connected: false }]);
});

test("CONTEST_STARTED begins the countdown", () => {
  const started = { message: "", total_questions: 2, starts_in_ms: 3000, players: [BOB] };
  const state = after([["CONTEST_STARTED", started]], inLobby());
  assert.equal(state.phase, "starting");
  assert.equal(remaining(state.timer, 1000), 2000);
});

test("NEW_QUESTION opens it for who is seated, and clears the one before", () => {
  const revealed = inLobby({ phase: "reveal", closed: closed(), your_result: result() });
  const state = after([["NEW_QUESTION", question(2)]], revealed);
  assert.equal(state.phase, "question");
  assert.equal(state.questionNumber, 2);
  assert.equal(state.question.may_answer, true);
  assert.equal(state.answer ?? state.result ?? state.closed, null);
  assert.deepEqual(state.progress, { answered: 0, expected: 1 });
  assert.equal(remaining(state.timer, 5000), 10_000);
});

test("NEW_QUESTION is not for a host without a seat to answer", () => {
  const state = inQuestion({ you: you({ user_id: "alice", role: "host", seated: false }) });
  assert.equal(state.question.may_answer, false);
  assert.equal(reduce(state, message("CHOOSE", { option: "Lima" }), 0).answer, null);
});

test("an answer is on its way until ANSWER_ACCEPTED says that it is saved", () => {
  const chosen = after([["CHOOSE", { option: "Lima" }]], inQuestion());
  assert.deepEqual(chosen.answer, { questionId: "q1", option: "Lima", status: "sending" });
  const saved = after([["ANSWER_ACCEPTED", { question_id: "q1" }]], chosen);
  assert.equal(saved.answer.status, "saved");
});

test("an answer is final", () => {
  const state = after([["CHOOSE", { option: "Lima" }], ["CHOOSE", { option: "Quito" }]], inQuestion());
  assert.equal(state.answer.option, "Lima");
});

test("ANSWER_ACCEPTED for another question changes no answer", () => {
  const state = after([["CHOOSE", { option: "Lima" }], ["ANSWER_ACCEPTED", { question_id: "q0" }]], inQuestion());
  assert.equal(state.answer.status, "sending");
});

test("ANSWER_PROGRESS counts for the open question only", () => {
  const open = inQuestion();
  const state = after([["ANSWER_PROGRESS", { question_id: "q1", answered: 2, expected: 5 }]], open);
  assert.deepEqual(state.progress, { answered: 2, expected: 5 });
  const other = after([["ANSWER_PROGRESS", { question_id: "q0", answered: 2, expected: 5 }]], open);
  assert.deepEqual(other.progress, { answered: 0, expected: 1 });
});

test("ANSWER_RESULT in an open race tells who was wrong, and keeps the question open", () => {
  const wrong = result({ answer: "Lima", is_correct: false, points_awarded: 0, new_score: 0, correct_answer: null });
  const state = after([["CHOOSE", { option: "Lima" }], ["ANSWER_RESULT", wrong]], inQuestion({ pace: "race" }));
  assert.equal(state.phase, "question");
  assert.equal(state.result.is_correct, false);
  assert.equal(state.answer.status, "saved");
});

test("ANSWER_RESULT is taken whether it comes before or after the closing", () => {
  const first = after([["ANSWER_RESULT", result()], ["QUESTION_CLOSED", closed()]], inQuestion());
  const last = after([["QUESTION_CLOSED", closed()], ["ANSWER_RESULT", result()]], inQuestion());
  assert.equal(first.result.points_awarded, 900);
  assert.equal(last.result.points_awarded, 900);
});

test("ANSWER_RESULT of another question is not the result of this one", () => {
  assert.equal(after([["ANSWER_RESULT", result({ question_id: "q0" })]], inQuestion()).result, null);
});

test("SCORE_UPDATE with scores brings everybody's, without them the winner's", () => {
  const open = inQuestion({ players: [BOB, CHARLIE] });
  const scores = [row({ user_id: "charlie", score: 800 }), row({ score: 700 })];
  const everyone = after([["SCORE_UPDATE", { user_id: "charlie", score: 800, scores }]], open);
  assert.deepEqual(everyone.players.map((player) => player.score), [700, 800]);
  const race = after([["SCORE_UPDATE", { user_id: "charlie", username: "Charlie", score: 900 }]], open);
  assert.deepEqual(race.players.map((player) => player.score), [0, 900]);
});

test("QUESTION_CLOSED shows the own place and waits for the next question", () => {
  const own = row({ rank: 2, score: 900 });
  const state = after([["QUESTION_CLOSED", closed(1, { own })]], inQuestion());
  assert.equal(state.phase, "reveal");
  assert.equal(state.question, null);
  assert.equal(state.you.rank, 2);
  assert.equal(state.you.score, 900);
  assert.equal(remaining(state.timer, 1000), 5000);
});

test("QUESTION_CLOSED without an own line leaves the host as he was", () => {
  const host = you({ role: "host", seated: false });
  const state = after([["QUESTION_CLOSED", closed(1, { own: null, next_in_ms: null })]], inQuestion({ you: host }));
  assert.deepEqual(state.you, host);
  assert.equal(state.timer, null);
});

test("GAME_OVER brings the final board and the own place", () => {
  const state = after([["GAME_OVER", over({ own: row({ rank: 1, score: 900 }) })]], inQuestion());
  assert.equal(state.phase, "over");
  assert.equal(state.you.rank, 1);
  assert.equal(state.timer, null);
});

test("HOST_CHANGED and GAME_LOCKED change one thing each", () => {
  const state = after([["HOST_CHANGED", { present: false }], ["GAME_LOCKED", { locked: true }]], inLobby());
  assert.equal(state.hostPresent, false);
  assert.equal(state.locked, true);
});

test("GAME_PAUSED freezes the clock, GAME_RESUMED sets it going with what the server says is left", () => {
  const paused = reduce(inQuestion(), message("GAME_PAUSED", { reason: "storage", message: "" }), 5000);
  assert.deepEqual(paused.paused, { reason: "storage" });
  assert.equal(remaining(paused.timer, 90_000), 10_000);
  const resumed = reduce(paused, message("GAME_RESUMED", { remaining_ms: 9000 }), 90_000);
  assert.equal(resumed.paused, null);
  assert.equal(remaining(resumed.timer, 91_000), 8000);
});

test("GAME_RESUMED where nothing is timed changes no clock", () => {
  const waiting = inLobby({ phase: "reveal", paused: true, closed: closed(1, { next_in_ms: null }) });
  const state = after([["GAME_RESUMED", { remaining_ms: null }]], waiting);
  assert.equal(state.timer, null);
  assert.equal(state.paused, null);
});

test("an ERROR about the answer opens the question again for another try", () => {
  const sent = after([["CHOOSE", { option: "Lima" }]], inQuestion());
  const state = after([["ERROR", { code: "no_such_option", message: "Answer with an option.", question_id: "q1" }]], sent);
  assert.equal(state.answer.status, "refused");
  assert.equal(state.error.count, 1);
  assert.equal(after([["CHOOSE", { option: "Quito" }]], state).answer.status, "sending");
});

test("an ERROR about something else leaves the answer on its way", () => {
  const sent = after([["CHOOSE", { option: "Lima" }]], inQuestion());
  const paused = { code: "paused", message: "", question_id: "q1" };
  const earlier = { code: "wrong_question", message: "", question_id: "q0" };
  assert.equal(after([["ERROR", paused], ["ERROR", earlier]], sent).answer.status, "sending");
});

test("PONG, unknown messages and what is no message change nothing", () => {
  const state = inLobby();
  assert.deepEqual(after([["PONG"], ["FIREWORKS", { many: true }], ["constructor"]], state), state);
  assert.equal(reduce(state, null, 0), state);
});

test("what was heard before, or tells of an older time, changes nothing", () => {
  const state = after([["GAME_LOCKED", { locked: true }, { seq: 2, rev: 7 }]], inLobby());
  assert.equal(reduce(state, message("GAME_LOCKED", { locked: false }, { seq: 2, rev: 7 }), 0), state);
  assert.equal(reduce(state, message("GAME_LOCKED", { locked: false }, { seq: 3, rev: 6 }), 0), state);
});

test("an answer that was on its way during a drop stays so while its question is open", () => {
  const sent = after([["CHOOSE", { option: "Lima" }]], inQuestion());
  const open = question(1, { remaining_ms: 4000, your_answer: null, may_answer: true });
  const back = after([["GAME_STATE", gameState({ phase: "question", question: open })]], sent);
  assert.equal(back.answer.status, "sending");
  const tooLate = after([["GAME_STATE", gameState({ phase: "reveal", closed: closed() })]], sent);
  assert.equal(tooLate.answer, null);
});

test("who joins late sees the question but cannot answer it", () => {
  const open = question(1, { remaining_ms: 4000, your_answer: null, may_answer: false });
  const state = inLobby({ phase: "question", question: open });
  assert.equal(state.question.may_answer, false);
  assert.equal(after([["CHOOSE", { option: "Lima" }]], state).answer, null);
  assert.equal(after([["NEW_QUESTION", question(2)]], state).question.may_answer, true);
});

test("a whole game, message by message, changes no earlier state", () => {
  const messages = [
    ["GAME_STATE", gameState(), { seq: 1, rev: 1 }],
    ["PLAYER_JOINED", { ...CHARLIE, player_count: 2, players: [BOB, CHARLIE] }, { seq: 2, rev: 2 }],
    ["CONTEST_STARTED", { message: "", total_questions: 2, starts_in_ms: 3000, players: [BOB, CHARLIE] }, { seq: 3, rev: 3 }],
    ["NEW_QUESTION", question(1), { seq: 4, rev: 4 }],
    ["CHOOSE", { option: "La Paz" }],
    ["ANSWER_ACCEPTED", { question_id: "q1" }, { seq: 5, rev: 5 }],
    ["ANSWER_PROGRESS", { question_id: "q1", answered: 1, expected: 2 }, { seq: 6, rev: 5 }],
    ["ANSWER_RESULT", result(), { seq: 7, rev: 6 }],
    ["SCORE_UPDATE", { user_id: "bob", score: 900, scores: [row({ score: 900 })] }, { seq: 8, rev: 6 }],
    ["QUESTION_CLOSED", closed(1, { own: row({ score: 900 }) }), { seq: 9, rev: 6 }],
    ["NEW_QUESTION", question(2), { seq: 10, rev: 7 }],
    ["QUESTION_CLOSED", closed(2, { own: row({ score: 900 }) }), { seq: 11, rev: 8 }],
    ["GAME_OVER", over({ own: row({ score: 900 }) }), { seq: 12, rev: 9 }],
  ];
  const phases = [];
  let state = frozen(initialState());
  for (const [type, payload, outer] of messages) {
    state = frozen(reduce(state, message(type, payload, outer), 0));
    phases.push(state.phase);
  }
  assert.deepEqual([...new Set(phases)], ["lobby", "starting", "question", "reveal", "over"]);
  assert.equal(state.you.score, 900);
  assert.equal(state.result, null);
  assert.equal(state.seq, 12);
});
