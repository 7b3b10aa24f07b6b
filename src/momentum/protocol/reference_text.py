"""What the reference of the protocol says beyond the types: the prose, who hears what, what refusals mean."""

from momentum.protocol import from_client, to_client

OPENING = """\
# The protocol

How a client plays a live game: everything that passes over realtime's WebSocket, port 8080. The site's own calls are
documented by the site itself, at `/api/docs`. What happens in a game, and why, is in
[the rules](../explanation/rules.md); words are in the [glossary](glossary.md). A small client in one file
stands in [`examples/document_client.py`](../../examples/document_client.py).

This page is made from the types in `src/momentum/protocol`, by `python -m momentum.protocol.reference`. Its examples
are messages of one small game.

## The life of a connection

### 1. Get a token

| you are | you get your token from | with it come |
|---|---|---|
| somebody with a PIN | the site: `POST /api/join` with `pin`, `username` | `websocketUrl`, `contestId`, `userId` |
| signed in on the site | the site: `POST /api/contest/token` with `contestId` | `websocketUrl`, `userId`, `role` |
| a program with an account | realtime: `POST /login` with `username`, `password` | `user_id`, `username` |
| back after a drop | the latest GAME_STATE: `resume_token` | |

Here and on the WebSocket, `contestId` or `contest_id` is the id of the game, not of the contest that it is a run of.

The site gives a ticket: it lives for a minute and for one game, so ask for it right before you connect. `POST /login`
gives a login token: it is good for two hours, and for any game that the account may play.

A program opens a game itself with `POST /api/contests`, at realtime, under `Authorization: Bearer <login token>`:

```json
{"difficulty":"medium","question_count":5}
```

The answer is 201 with `contest_id` and `websocket_url`, a path. Optional fields and their defaults: `question_timer` 15
(seconds), `max_players` 6, `pace` "race", `intermission` 4 (seconds; null: the host says when to go on), `host_plays`
true, `reveal` "at_close", `late_join` true, `name` "Quick game". `difficulty` is easy, medium, hard or mixed. HTTP
errors are JSON with `error` (a code) and `message` (for people).

### 2. Connect

Open `ws://HOST:8080/ws/contests/GAME`. Say who you are in one of two ways:

- send `{"type":"AUTHENTICATE","token":"..."}` as the first message, within five seconds; or
- put the token into the address, `?token=...`. That is for programs; pages use the first way, because addresses end
  up in logs.

Whether you are let in, you learn from what comes next:

- **GAME_STATE**: you are in. A player's seat is taken by this alone; there is no message for joining.
- **ERROR**, then a close: the game does not take you, and the error says why (full, locked, kicked, ...).
- **a close** alone: the token is no good (4401), or there is no such game (4404).

What you send after the token and before GAME_STATE waits its turn. Anything else before the token is refused (4401).

### 3. Play

GAME_STATE is a socket's first message and always whole: draw everything from it, forget what you knew. Every later
message changes its part of it.

- `seq` counts the messages of your connection from 1, without gaps.
- `rev` is the game's position in its journal. It never goes back. Messages to you alone may have none.
- Ignore types and fields that you do not know: more may be added. The server is strict with *you*: unknown fields,
  unknown types and loose types (1 for true) are refused.
- Count down from `timer`, `remaining_ms`, `next_in_ms` and `starts_in_ms` when they come; no message has a time of day.
- Answer pings, as every WebSocket library does: a socket that has not answered one by the next, nine seconds later, is
  closed. A page cannot see pings; it may send PING, and take a long silence for a dead connection.
- After GAME_OVER the socket stays open, and says nothing more. Close it when you like.

### 4. Come back

A dropped connection loses nothing: seat, score and answers stay.

1. Look at the close code: the [table](#close-codes) says whether to come back. No code at all (1006 in browsers) means
   yes.
2. Wait, for a random time between nothing and a bound that doubles from 250 ms up to 5 s. A thousand phones behind one
   access point come back at once otherwise.
3. Connect with the newest `resume_token`. Every GAME_STATE brings one; using it makes those before it void. If it is
   refused (4401), ask the site for a ticket; only if that is refused too, give up.
4. Take the new GAME_STATE. If you had sent an answer that was neither accepted nor refused, and `question` still is
   that question with `your_answer` null, send it again. You cannot answer twice: a repeat gets what the first one got.
"""

QUESTION = """\
## The life of a question

With pace `everyone`, the question stays open until all have answered who are there, or until its time is over:

```
server -> all      NEW_QUESTION        the clock of each player starts
you    -> server   SUBMIT_ANSWER       question_id, and the text of an option
server -> you      ANSWER_ACCEPTED     kept for good; not whether it is right
server -> all      ANSWER_PROGRESS     how many have answered, now and then
server -> you      ANSWER_RESULT       at the close, if you have answered
server -> all      SCORE_UPDATE        the new scores
server -> all      QUESTION_CLOSED     the right answer, the board, your line; next_in_ms
                                       then the next NEW_QUESTION, or GAME_OVER
```

With pace `race`, the first right answer closes it. Who is wrong hears so at once, and cannot answer again:

```
server -> all      NEW_QUESTION
you    -> server   SUBMIT_ANSWER
server -> you      ANSWER_RESULT       wrong: at once, without the right answer. Right: with the close
server -> all      SCORE_UPDATE        who won the question; not sent if nobody did
server -> all      QUESTION_CLOSED
```

An answer is acknowledged by ANSWER_ACCEPTED or ANSWER_RESULT with its `question_id`, and only after it is on the disk.
Until then it may be lost with a crash, and is to be sent again.

Nothing that tells the right option leaves the server before the close, to whatever role. Games opened with `reveal`
"immediate" differ in one thing: an answerer gets ANSWER_RESULT at once, with `correct_answer`, and no ANSWER_ACCEPTED.
Others still see the points at the close.

A question that the host skips, or that is open when the host ends the game, is `voided`: who has answered gets
ANSWER_RESULT with no points, also who had been told a result before.
"""

FROM_CLIENT = """\
## What a client sends

Text frames of one flat JSON object each, at most 4 KiB. What is refused is answered with ERROR, and changes nothing.
What has no effect (a second START_GAME) is not answered at all. ERROR does not repeat what it refuses; messages are
taken in the order in which you send them.
"""

TO_CLIENT = """\
## What a client is told

```
{"type": ..., "payload": {...}, "rev": 17, "seq": 5}
```

Names that end in `_ms` are milliseconds, other times seconds. Above 100 players lists have the first 100; your own line
comes beside them, counts are always whole.
"""

ERRORS_INTRO = """\
## Errors

The codes of ERROR. Those marked *entering* come instead of GAME_STATE; then the socket is closed: with 4401 after
`bad_token`, with 4441 after `game_over`, else with 4403.
"""

CLOSES_INTRO = """\
## Close codes

"Come back" means: by yourself, as described [above](#4-come-back). Otherwise wait for a person to do something.
"""

TOKENS = """\
## Tokens

JSON Web Tokens, HS256, signed with `JWT_SECRET`, which the site and realtime share. A client need not look into them.
All have `sub` (the user's id), `username`, `iss` "momentum", `aud`, `iat` and `exp`. No other algorithm, issuer or
audience is taken, nor a token from more than a minute ahead of the server's clock.

| token | `aud` | lives | further claims | admits |
|---|---|---|---|---|
"""

LIMITS = """\
## Limits

| limit | beyond it |
|---|---|
| a message has at most 4 KiB | close 1009 |
| 10 messages a second, 20 in a burst | close 4429 |
| 5 s to authenticate | close 4408 |
| a ping is answered before the next, every 9 s | close 4431 |
| 256 KiB that you have not read yet | close 4430 |
| one socket for a player's seat | the older one is closed with 4409 |
| 3 sockets of hosts who do not play, 5 of screens, in a game | the oldest one is closed with 4409 |
| a token has at most 2 KiB | close 4401 |
| the whole node is full | HTTP 503 instead of the upgrade |
| a page of another origin than the site's | HTTP 403 instead of the upgrade |

Binary messages are refused (4400), and so is text that is not UTF-8 (1007). Compression is not offered.
"""

HOSTS_ONLY = (
    from_client.StartGame,
    from_client.NextQuestion,
    from_client.SkipQuestion,
    from_client.PauseGame,
    from_client.ResumeGame,
    from_client.KickPlayer,
    from_client.LockGame,
    from_client.EndGame,
)

HEARD_BY: dict[type[to_client.ToClient], str] = {
    to_client.GameState: "each socket, once: its first message.",
    to_client.PlayerJoined: "all, the newcomer too.",
    to_client.PlayerLeft: "all.",
    to_client.PlayerConnection: "all.",
    to_client.ContestStarted: "all.",
    to_client.NewQuestion: "all.",
    to_client.AnswerAccepted: "the answerer, with pace everyone.",
    to_client.AnswerProgress: "all.",
    to_client.AnswerResult: "the answerer.",
    to_client.ScoreUpdate: "all, when a question closes.",
    to_client.QuestionClosed: "all, each with their own line.",
    to_client.GameOver: "all, each with their own line.",
    to_client.HostChanged: "all.",
    to_client.GamePaused: "all.",
    to_client.GameResumed: "all.",
    to_client.GameLocked: "all.",
    to_client.GameMoved: "who came to a node that does not have the game.",
    to_client.Error: "the sender of what was refused.",
    to_client.Pong: "the sender of PING.",
}

ERRORS: dict[str, str] = {
    "bad_message": "The message has not the documented form. A mistake in the client.",
    "unknown_type": "There is no message of this type. A mistake in the client.",
    "not_host": "Only hosts may do this.",
    "not_seated": "Only players may answer.",
    "not_open": "No question is open.",
    "wrong_question": "The answer names another question than the open one.",
    "no_such_option": "The answer is none of the options. Answer again, with one of them.",
    "not_eligible": "You joined while this question was open. You play from the next one on.",
    "too_late": "The time for this question is over.",
    "paused": "The game is paused. Send the answer again when it goes on.",
    "server_error": "The server failed at this one command. Nothing has changed.",
    "unavailable": "The game is being restored. Send it again in a moment.",
    "cannot_start": "The game has no player yet, or no question.",
    "not_now": "There is nothing to go on to, or to pause, in this phase.",
    "no_such_player": "There is nobody of this id in the game.",
    "not_allowed": "A host cannot be removed. *Entering*: a host who does not play takes no player's seat.",
    "game_over": "The game has ended. *Entering*: and you were not in it.",
    "already_started": "*Entering*: the game has started and takes no late players.",
    "full": "*Entering*: all seats are taken.",
    "locked": "*Entering*: the host has locked the game.",
    "kicked": "*Entering*: the host has removed you.",
    "bad_name": "*Entering*: the name cannot be used; the message says what to change.",
    "bad_token": "*Entering*: this resume token is no longer the newest, or you have signed out. Get a ticket.",
}
