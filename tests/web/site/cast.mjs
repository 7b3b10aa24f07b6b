/** Messages as the server sends them, with Alice who hosts and Bob who plays. */

export const BOB = { user_id: "bob", username: "Bob", score: 0, connected: true, is_host: false };
export const CHARLIE = { user_id: "charlie", username: "Charlie", score: 0, connected: true, is_host: false };
export const OPTIONS = ["Lima", "Quito", "La Paz", "Bogotá"];

export const you = (changes = {}) => ({
  user_id: "bob",
  username: "Bob",
  role: "player",
  seated: true,
  score: 0,
  rank: null,
  ...changes,
});

export const row = (changes = {}) => ({
  rank: 1,
  user_id: "bob",
  username: "Bob",
  score: 0,
  points_earned: 0,
  correct_count: 0,
  ...changes,
});

export const question = (number = 1, changes = {}) => ({
  question_number: number,
  total_questions: 2,
  question_id: `q${number}`,
  question_text: "Which capital lies highest?",
  options: OPTIONS,
  timer: 15,
  category: "Geography",
  ...changes,
});

export const closed = (number = 1, changes = {}) => ({
  question_number: number,
  total_questions: 2,
  question_id: `q${number}`,
  question_text: "Which capital lies highest?",
  options: OPTIONS,
  correct_answer: "La Paz",
  distribution: OPTIONS.map((option) => ({ option, count: 0 })),
  explanation: "La Paz lies at 3,640 m.",
  voided: false,
  scoreboard: [row()],
  player_count: 1,
  next_in_ms: 6000,
  own: row(),
  ...changes,
});

export const over = (changes = {}) => ({
  message: "Contest finished!",
  reason: "completed",
  final_scoreboard: [row()],
  player_count: 1,
  questions: [],
  own: row(),
  ...changes,
});

export const result = (changes = {}) => ({
  question_id: "q1",
  answer: "La Paz",
  is_correct: true,
  points_awarded: 900,
  time_taken: 3,
  new_score: 900,
  correct_answer: "La Paz",
  ...changes,
});

export const gameState = (changes = {}) => ({
  contest_id: "g1",
  name: "Capitals",
  phase: "lobby",
  pace: "everyone",
  paused: false,
  locked: false,
  host_present: true,
  max_players: 100,
  total_questions: 2,
  question_number: 0,
  players: [BOB],
  player_count: 1,
  you: you(),
  question: null,
  answered: 0,
  expected: 0,
  closed: null,
  your_result: null,
  over: null,
  starts_in_ms: null,
  incarnation: "first",
  websocket_urls: [],
  resume_token: "resume-1",
  ...changes,
});

/** @returns {any} */
export const message = (type, payload = {}, outer = {}) => ({ type, payload, ...outer });
