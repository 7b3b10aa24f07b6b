from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="AnswerResult",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "game_id", "number", "user_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("game_id", models.CharField(max_length=36)),
                ("number", models.IntegerField()),
                ("user_id", models.CharField(max_length=64)),
                ("bank_id", models.CharField(max_length=64)),
                ("category", models.CharField(max_length=100)),
                ("choice", models.IntegerField()),
                ("correct", models.BooleanField()),
                ("points", models.IntegerField()),
                ("t_ms", models.IntegerField()),
                ("credit_ms", models.IntegerField()),
            ],
            options={
                "db_table": "answer_result",
            },
        ),
        migrations.CreateModel(
            name="Node",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("address", models.CharField(max_length=200)),
                ("beat", models.BigIntegerField(default=0)),
                ("mono_ms", models.BigIntegerField(default=0)),
            ],
            options={
                "db_table": "node",
            },
        ),
        migrations.CreateModel(
            name="PlayerResult",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "game_id", "user_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("game_id", models.CharField(max_length=36)),
                ("user_id", models.CharField(db_index=True, max_length=64)),
                ("source_contest_id", models.CharField(db_index=True, max_length=36)),
                ("username", models.CharField(max_length=96)),
                ("is_host", models.BooleanField()),
                ("rank", models.IntegerField(null=True)),
                ("place", models.IntegerField()),
                ("score", models.IntegerField()),
                ("correct_ms", models.BigIntegerField()),
                ("correct_count", models.IntegerField()),
                ("answer_count", models.IntegerField()),
            ],
            options={
                "db_table": "player_result",
            },
        ),
        migrations.CreateModel(
            name="QuestionResult",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "game_id", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("game_id", models.CharField(max_length=36)),
                ("number", models.IntegerField()),
                ("bank_id", models.CharField(max_length=64)),
                ("category", models.CharField(max_length=100)),
                ("difficulty", models.CharField(max_length=16)),
                ("text", models.TextField()),
                ("options", models.JSONField()),
                ("correct", models.IntegerField()),
                ("explanation", models.TextField()),
                ("close_reason", models.CharField(max_length=16)),
                ("voided", models.BooleanField()),
            ],
            options={
                "db_table": "question_result",
            },
        ),
        migrations.CreateModel(
            name="Game",
            fields=[
                ("id", models.CharField(max_length=36, primary_key=True, serialize=False)),
                ("source_contest_id", models.CharField(db_index=True, max_length=36)),
                ("name", models.CharField(max_length=200)),
                ("access", models.CharField(max_length=16)),
                ("epoch", models.IntegerField(default=0)),
                ("node_id", models.CharField(default="", max_length=32)),
                ("created_ms", models.BigIntegerField()),
                ("ended_ms", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "game",
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_ms__isnull", True)), fields=["created_ms"], name="game_open"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="JournalEntry",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "game_id", "seq", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("game_id", models.CharField(max_length=36)),
                ("seq", models.IntegerField()),
                ("epoch", models.IntegerField()),
                ("version", models.SmallIntegerField()),
                ("kind", models.CharField(max_length=24)),
                ("number", models.IntegerField(null=True)),
                ("user_id", models.CharField(max_length=64, null=True)),
                ("at_ms", models.BigIntegerField()),
                ("mono_ms", models.BigIntegerField()),
                ("body", models.TextField()),
            ],
            options={
                "db_table": "journal",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "answer_given")),
                        fields=("game_id", "number", "user_id"),
                        name="one_answer_per_seat",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "question_opened")),
                        fields=("game_id", "number"),
                        name="question_opens_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "question_closed")),
                        fields=("game_id", "number"),
                        name="question_closes_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "game_ended")), fields=("game_id",), name="game_ends_once"
                    ),
                ],
            },
        ),
    ]
