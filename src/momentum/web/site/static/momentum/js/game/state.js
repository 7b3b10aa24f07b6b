/**
 * What a page knows of a game, and how each message changes it.
 *
 * Rule: `reduce` is pure, and a state is never changed in place. GAME_STATE replaces everything it tells of; every other
 * message changes its part. What is unknown, repeated or older than what is known changes nothing.
 */

import { freeze, startTimer, thaw } from "./timer.js";

/** @typedef {import("./timer.js").Timer} Timer */
/** @typedef {{ user_id: string, username: string, score: number, connected: boolean, is_host: boolean }} Player */
/**
 * @typedef {{ rank: number, user_id: string, username: string, score: number, points_earned: number,
 *   correct_count: number }} ScoreRow
 */
/** @typedef {{ option: string, count: number }} OptionCount */
/**
 * @typedef {{ user_id: string, username: string, role: "player" | "host" | "screen", seated: boolean, score: number,
 *   rank: number | null }} You
 */
/**
 * @typedef {{ question_number: number, total_questions: number, question_id: string, question_text: string,
 *   options: string[], timer: number, category: string, may_answer: boolean }} Question
 */
/**
 * @typedef {{ question_id: string, answer: string, is_correct: boolean, points_awarded: number, time_taken: number,
 *   new_score: number, correct_answer: string | null }} Result
 */
/**
 * @typedef {{ question_number: number, total_questions: number, question_id: string, question_text: string,
 *   options: string[], correct_answer: string, distribution: OptionCount[], explanation: string, voided: boolean,
 *   scoreboard: ScoreRow[], player_count: number, next_in_ms: number | null, own: ScoreRow | null }} Closed
 */
/**
 * @typedef {{ message: string, reason: "completed" | "ended_by_host" | "expired", final_scoreboard: ScoreRow[],
 *   player_count: number, questions: object[], own: ScoreRow | null }} Over
 */
/**
 * The own answer to the open question. "sending": not yet acknowledged; "saved": kept for good; "refused": see `code`.
 *
 * @typedef {{ questionId: string, option: string, status: "sending" | "saved" | "refused", code?: string }} Answer
 */
/**
 * @typedef {object} State
 * @property {"connecting" | "lobby" | "starting" | "question" | "reveal" | "over"} phase
 * @property {string} name
 * @property {string} incarnation of the game's history: another one after a restore from a backup
 * @property {boolean} restored the game has gone back to an earlier moment while this page was open
 * @property {"race" | "everyone"} pace
 * @property {{ reason: "host" | "storage" } | null} paused
 * @property {boolean} locked
 * @property {boolean} hostPresent
 * @property {number} maxPlayers
 * @property {number} totalQuestions
 * @property {number} questionNumber
 * @property {Player[]} players at most 100
 * @property {number} playerCount
 * @property {You | null} you
 * @property {Question | null} question
 * @property {Answer | null} answer
 * @property {{ answered: number, expected: number } | null} progress
 * @property {Result | null} result the own result of the latest question
 * @property {Closed | null} closed
 * @property {Over | null} over
 * @property {Timer | null} timer of the open question, of the countdown, or of the wait for the next question
 * @property {{ code: string, message: string, count: number } | null} error the latest refusal
 * @property {number} seq
 * @property {number} rev
 */

/** @returns {State} */
export const initialState = () => ({
  phase: "connecting",
  name: "",
  incarnation: "",
  restored: false,
  pace: "everyone",
  paused: null,
  locked: false,
  hostPresent: true,
  maxPlayers: 0,
  totalQuestions: 0,
  questionNumber: 0,
  players: [],
  playerCount: 0,
  you: null,
  question: null,
  answer: null,
  progress: null,
  result: null,
  closed: null,
  over: null,
  timer: null,
  error: null,
  seq: 0,
  rev: 0,
});

/** What only the sender of an answer is told when it is refused. A game that is paused or unavailable takes the answer later. */
export const ANSWER_REFUSED = new Set([
  "not_open",
  "wrong_question",
  "too_late",
  "not_eligible",
  "not_seated",
  "no_such_option",
]);

/**
 * @param {State} state
 * @param {any} message from the server, or CHOOSE from the page
 * @param {number} now
 * @returns {State}
 */
export function reduce(state, message, now) {
  const change = HANDLERS.get(message?.type);
  if (!change || isOld(state, message)) return state;
  const next = change(state, message.payload ?? {}, now);
  return { ...next, seq: message.seq ?? next.seq, rev: message.rev ?? next.rev };
}

/** @param {State} state @param {any} message */
function isOld(state, message) {
  if (message.type === "GAME_STATE") return false;
  return (message.seq !== undefined && message.seq <= state.seq) || (message.rev !== undefined && message.rev < state.rev);
}

/** @typedef {(state: State, payload: any, now: number) => State} Change */

/** @type {Change} */
function gameState(state, p, now) {
  const mine = p.question?.your_answer;
  return {
    ...initialState(),
    phase: p.phase,
    name: p.name,
    incarnation: p.incarnation,
    restored: Boolean(state.incarnation) && state.incarnation !== p.incarnation,
    pace: p.pace,
    paused: p.paused ? { reason: "host" } : null,
    locked: p.locked,
    hostPresent: p.host_present,
    maxPlayers: p.max_players,
    totalQuestions: p.total_questions,
    questionNumber: p.question_number,
    players: p.players,
    playerCount: p.player_count,
    you: p.you,
    question: p.question && { ...p.question, may_answer: p.question.may_answer || Boolean(mine) },
    answer: mine ? { questionId: p.question.question_id, option: mine, status: "saved" } : stillSending(state, p),
    progress: p.question && { answered: p.answered, expected: p.expected },
    result: p.your_result,
    closed: p.closed,
    over: p.over,
    timer: timerOf(p, now),
    error: state.error,
  };
}

/** @param {State} state @param {any} p */
function stillSending(state, p) {
  if (state.incarnation !== p.incarnation) return null;
  const waiting = state.answer?.status === "sending" && state.answer.questionId === p.question?.question_id;
  return waiting ? state.answer : null;
}

/** @param {any} p @param {number} now @returns {Timer | null} */
function timerOf(p, now) {
  const left = p.question?.remaining_ms ?? p.closed?.next_in_ms ?? p.starts_in_ms;
  if (left === null || left === undefined) return null;
  const timer = startTimer(left, now, p.question ? p.question.timer * 1000 : left);
  return p.paused ? freeze(timer, now) : timer;
}

/** @type {Change} */
const playersChanged = (state, p) => ({ ...state, players: p.players, playerCount: p.player_count });

/** @type {Change} */
const playerConnection = (state, p) => ({
  ...state,
  players: state.players.map((player) => (player.user_id === p.user_id ? { ...player, connected: p.connected } : player)),
});

/** @type {Change} */
const contestStarted = (state, p, now) => ({
  ...state,
  phase: "starting",
  totalQuestions: p.total_questions,
  players: p.players,
  timer: startTimer(p.starts_in_ms, now),
});

/** @type {Change} */
const newQuestion = (state, p, now) => ({
  ...state,
  phase: "question",
  questionNumber: p.question_number,
  totalQuestions: p.total_questions,
  question: { ...p, may_answer: Boolean(state.you?.seated) },
  answer: null,
  progress: { answered: 0, expected: state.playerCount },
  result: null,
  closed: null,
  timer: startTimer(p.timer * 1000, now),
});

/** @type {Change} */
function choose(state, p) {
  if (state.phase !== "question" || !state.question?.may_answer || (state.answer && state.answer.status !== "refused")) {
    return state;
  }
  return { ...state, answer: { questionId: state.question.question_id, option: p.option, status: "sending" } };
}

/** @type {Change} */
function answerAccepted(state, p) {
  if (!state.answer || state.answer.questionId !== p.question_id) return state;
  return { ...state, answer: { ...state.answer, status: "saved" } };
}

/** @type {Change} */
const answerProgress = (state, p) =>
  state.question?.question_id === p.question_id
    ? { ...state, progress: { answered: p.answered, expected: p.expected } }
    : state;

/** @type {Change} */
function answerResult(state, p) {
  const questionId = state.question?.question_id ?? state.closed?.question_id;
  if (questionId !== p.question_id) return state;
  return {
    ...state,
    result: p,
    answer: { questionId: p.question_id, option: p.answer, status: "saved" },
    you: state.you && { ...state.you, score: p.new_score },
  };
}

/** @type {Change} */
function scoreUpdate(state, p) {
  const rows = p.scores?.length ? p.scores : [p];
  const scores = new Map(rows.map((/** @type {ScoreRow} */ row) => [row.user_id, row.score]));
  return {
    ...state,
    players: state.players.map((player) => ({ ...player, score: scores.get(player.user_id) ?? player.score })),
  };
}

/** @type {Change} */
const questionClosed = (state, p, now) => ({
  ...state,
  phase: "reveal",
  questionNumber: p.question_number,
  question: null,
  closed: p,
  paused: null,
  you: placed(state.you, p.own),
  timer: p.next_in_ms === null ? null : startTimer(p.next_in_ms, now),
});

/** @type {Change} */
const gameOver = (state, p) => ({
  ...state,
  phase: "over",
  question: null,
  closed: null,
  over: p,
  paused: null,
  you: placed(state.you, p.own),
  timer: null,
});

/** @param {You | null} you @param {ScoreRow | null} own */
const placed = (you, own) => you && (own ? { ...you, score: own.score, rank: own.rank } : you);

/** @type {Change} */
const gamePaused = (state, p, now) => ({ ...state, paused: { reason: p.reason }, timer: freeze(state.timer, now) });

/** @type {Change} */
const gameResumed = (state, p, now) => ({ ...state, paused: null, timer: thaw(state.timer, p.remaining_ms, now) });

/** @type {Change} */
const refused = (state, p) => ({
  ...state,
  error: { code: p.code, message: p.message, count: (state.error?.count ?? 0) + 1 },
  answer:
    state.answer?.status === "sending" && p.question_id === state.answer.questionId && ANSWER_REFUSED.has(p.code)
      ? { ...state.answer, status: "refused", code: p.code }
      : state.answer,
});

/** @type {Map<string, Change>} */
const HANDLERS = new Map([
  ["GAME_STATE", gameState],
  ["PLAYER_JOINED", playersChanged],
  ["PLAYER_LEFT", playersChanged],
  ["PLAYER_CONNECTION", playerConnection],
  ["CONTEST_STARTED", contestStarted],
  ["NEW_QUESTION", newQuestion],
  ["ANSWER_ACCEPTED", answerAccepted],
  ["ANSWER_PROGRESS", answerProgress],
  ["ANSWER_RESULT", answerResult],
  ["SCORE_UPDATE", scoreUpdate],
  ["QUESTION_CLOSED", questionClosed],
  ["GAME_OVER", gameOver],
  ["HOST_CHANGED", (state, p) => ({ ...state, hostPresent: p.present })],
  ["GAME_PAUSED", gamePaused],
  ["GAME_RESUMED", gameResumed],
  ["GAME_LOCKED", (state, p) => ({ ...state, locked: p.locked })],
  ["ERROR", refused],
  ["PONG", (state) => state],
  ["CHOOSE", choose],
]);
