from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("extranet", "0004_contacts")]

    operations = [
        migrations.AddIndex(
            "copperorder",
            models.Index(
                condition=models.Q(("deleted_at", None)),
                fields=["status", "owner", "team", "deleted_at", "id"],
                name="copper_counted",
            ),
        ),
    ]
