import django.utils.timezone
from django.db import migrations, models

import momentum.web.mail.models


class Migration(migrations.Migration):
    dependencies = [("mail", "0001_initial")]

    operations = [
        migrations.AddField("mail", "kept_until", models.DateTimeField(null=True)),
        migrations.CreateModel(
            name="Recipient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.CharField(max_length=320, unique=True)),
                (
                    "token",
                    models.CharField(
                        default=momentum.web.mail.models.new_token, editable=False, max_length=32, unique=True
                    ),
                ),
                ("language", models.CharField(blank=True, max_length=10)),
                ("invitations", models.BooleanField(default=True)),
                ("reminders", models.BooleanField(default=True)),
                ("results", models.BooleanField(default=True)),
                ("mailed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
        ),
    ]
