"""An address that nobody has confirmed may stand at several accounts."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_unique_addresses")]

    operations = [migrations.RemoveConstraint(model_name="user", name="user_email_unique")]
