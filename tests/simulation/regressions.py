"""Simulations that once found something: (profile, seed) and what it was. They are always played."""

REGRESSIONS = {
    ("calm", 26): "a node took a game from one that had begun since its last heartbeat, and the host of the old hub sat"
    " alone in a waiting room that nobody else could see",
    (
        "kill",
        121,
    ): "the same, as a client saw it: a hub that had nothing to write never heard that it had been replaced",
    ("two_owners", 16): "the end of a game was kept, but its node did not know; who waited there was never told",
    ("database", 7): "a node that had lost a game lived on, and its heartbeats moved the game's clock",
    ("database", 19): "a node whose game another one had taken lived on, and its heartbeats moved the game's clock",
    ("backplane", 84): "who had missed something was told the result of an answer before the close of its question",
    ("backplane", 294): "an answer's refusal, heard twice, was taken for the refusal of the next answer",
}
