"""Boards by period and subject, of which the worker computes all totals anew; and results without accounts' names."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def forget_names(apps: Any, schema_editor: Any) -> None:
    """Accounts have their names themselves."""
    results = apps.get_model("leaderboards", "Result").objects.using(schema_editor.connection.alias)
    results.exclude(player__startswith="guest_").update(username="")


class Migration(migrations.Migration):
    dependencies = [("leaderboards", "0001_initial")]

    operations = [
        migrations.AlterField(model_name="result", name="username", field=models.CharField(blank=True, max_length=96)),
        migrations.RunPython(forget_names, migrations.RunPython.noop, elidable=True),
        migrations.DeleteModel(name="Total"),
        migrations.DeleteModel(name="Board"),
        migrations.CreateModel(
            name="Board",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("scope", models.CharField(max_length=50)),
                ("period", models.CharField(max_length=8)),
                ("subject", models.CharField(max_length=110)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("scope", "period", "subject"), name="board_unique")],
            },
        ),
        migrations.CreateModel(
            name="Total",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("score", models.BigIntegerField()),
                ("correct_ms", models.BigIntegerField()),
                ("correct_count", models.IntegerField()),
                ("answer_count", models.IntegerField()),
                ("player", models.CharField(max_length=64)),
                ("plays", models.IntegerField()),
                (
                    "board",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="totals",
                        to="leaderboards.board",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("board", "player"), name="total_board_player")],
                "indexes": [
                    models.Index(fields=["board", "-score", "correct_ms", "player"], name="total_standing"),
                ],
            },
        ),
    ]
