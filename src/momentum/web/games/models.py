"""Instants ending in `_ms` are Unix milliseconds, except in JournalEntry: there `at_ms` is the game's clock and
`mono_ms` the writing node's monotonic clock. Ids of users, contests and bank questions are texts without foreign keys:
with SQLite they live in another file."""

from django.db import models
from django.db.models import Q


class Node(models.Model):
    """A realtime process. `beat` counts its heartbeats, `mono_ms` is its monotonic clock at the latest one.

    `address`: where the other nodes call it. `websocket_url`: where browsers reach it; empty: where they reach all.
    """

    id = models.CharField(primary_key=True, max_length=32)
    address = models.CharField(max_length=200)
    websocket_url = models.CharField(max_length=200, default="")
    beat = models.BigIntegerField(default=0)
    mono_ms = models.BigIntegerField(default=0)

    class Meta:
        db_table = "node"

    def __str__(self) -> str:
        return self.id


class Game(models.Model):
    """`epoch` rises with every new writer; only appends of the present epoch are taken. `ended_ms` null: still open.

    `node_id`: the node that owns the game; empty: handed over, whoever comes first may have it. `incarnation` changes
    when the game is restored from a backup. `heard_ms`: the last heartbeat of who wrote under `heard_epoch`, noted when
    the game was taken from it or handed over. `pruned`: its journal is gone, its results are not.
    """

    id = models.CharField(primary_key=True, max_length=36)
    source_contest_id = models.CharField(max_length=36, db_index=True)
    name = models.CharField(max_length=200)
    access = models.CharField(max_length=16)
    epoch = models.IntegerField(default=0)
    node_id = models.CharField(max_length=32, default="")
    incarnation = models.CharField(max_length=32, default="")
    heard_epoch = models.IntegerField(default=0)
    heard_ms = models.BigIntegerField(null=True)
    created_ms = models.BigIntegerField()
    ended_ms = models.BigIntegerField(null=True)
    pruned = models.BooleanField(default=False)

    class Meta:
        db_table = "game"
        indexes = [
            models.Index(fields=["created_ms"], name="game_open", condition=Q(ended_ms__isnull=True)),
            models.Index(
                fields=["ended_ms"], name="game_with_journal", condition=Q(ended_ms__isnull=False, pruned=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class JournalEntry(models.Model):
    """One event of a game. `body` is its JSON, of `version`; number and user_id repeat what the constraints need."""

    pk = models.CompositePrimaryKey("game_id", "seq")
    game_id = models.CharField(max_length=36)
    seq = models.IntegerField()
    epoch = models.IntegerField()
    version = models.SmallIntegerField()
    kind = models.CharField(max_length=24)
    number = models.IntegerField(null=True)
    user_id = models.CharField(max_length=64, null=True)  # noqa: DJ001 (null keeps the index small)
    at_ms = models.BigIntegerField()
    mono_ms = models.BigIntegerField()
    body = models.TextField()

    class Meta:
        db_table = "journal"
        constraints = [
            models.UniqueConstraint(
                fields=["game_id", "number", "user_id"], condition=Q(kind="answer_given"), name="one_answer_per_seat"
            ),
            models.UniqueConstraint(
                fields=["game_id", "number"], condition=Q(kind="question_opened"), name="question_opens_once"
            ),
            models.UniqueConstraint(
                fields=["game_id", "number"], condition=Q(kind="question_closed"), name="question_closes_once"
            ),
            models.UniqueConstraint(fields=["game_id"], condition=Q(kind="game_ended"), name="game_ends_once"),
            models.UniqueConstraint(
                fields=["game_id", "epoch"], condition=Q(kind="game_taken"), name="one_writer_per_epoch"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.game_id} {self.seq} {self.kind}"


class GameSnapshot(models.Model):
    """A game as it stood after entry `seq`: its replay goes on from there. `body` is JSON, of `version`."""

    game_id = models.CharField(primary_key=True, max_length=36)
    seq = models.IntegerField()
    version = models.CharField(max_length=32)
    body = models.TextField()

    class Meta:
        db_table = "game_snapshot"

    def __str__(self) -> str:
        return f"{self.game_id} {self.seq}"


class PlayerResult(models.Model):
    """A player's place at the end. `rank` null: removed by the host. `correct_ms`: total time of correct answers."""

    pk = models.CompositePrimaryKey("game_id", "user_id")
    game_id = models.CharField(max_length=36)
    user_id = models.CharField(max_length=64, db_index=True)
    source_contest_id = models.CharField(max_length=36, db_index=True)
    username = models.CharField(max_length=96)
    is_host = models.BooleanField()
    rank = models.IntegerField(null=True)
    place = models.IntegerField()
    score = models.IntegerField()
    correct_ms = models.BigIntegerField()
    correct_count = models.IntegerField()
    answer_count = models.IntegerField()

    class Meta:
        db_table = "player_result"

    def __str__(self) -> str:
        return f"{self.username}: {self.score}"


class QuestionResult(models.Model):
    """A question as the game asked it. `options` is a JSON list in the order shown, `correct` an index into it."""

    pk = models.CompositePrimaryKey("game_id", "number")
    game_id = models.CharField(max_length=36)
    number = models.IntegerField()
    bank_id = models.CharField(max_length=64)
    category = models.CharField(max_length=100)
    difficulty = models.CharField(max_length=16)
    text = models.TextField()
    options = models.JSONField()
    correct = models.IntegerField()
    explanation = models.TextField()
    close_reason = models.CharField(max_length=16)
    voided = models.BooleanField()

    class Meta:
        db_table = "question_result"

    def __str__(self) -> str:
        return self.text


class AnswerResult(models.Model):
    """An answer, from which everything a report shows can be computed. `credit_ms`: taken off for the network."""

    pk = models.CompositePrimaryKey("game_id", "number", "user_id")
    game_id = models.CharField(max_length=36)
    number = models.IntegerField()
    user_id = models.CharField(max_length=64)
    bank_id = models.CharField(max_length=64)
    category = models.CharField(max_length=100)
    choice = models.IntegerField()
    correct = models.BooleanField()
    points = models.IntegerField()
    t_ms = models.IntegerField()
    credit_ms = models.IntegerField()

    class Meta:
        db_table = "answer_result"

    def __str__(self) -> str:
        return f"{self.game_id} {self.number} {self.user_id}"
