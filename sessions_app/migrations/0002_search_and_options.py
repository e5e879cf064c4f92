"""What models can't say: a trigram index for the search on PostgreSQL, and the options that the documentation labels."""

from django.db import migrations

# order-tracking.txt, options details.
OPTIONS = {"194": "GTR 4H HO", "2220": "Livraison locale"}
INDEX = "line_search_trigram"


def index_search(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        schema_editor.execute(f"CREATE INDEX {INDEX} ON sessions_app_line USING gin (search gin_trgm_ops)")


def drop_index(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX {INDEX}")


def label_options(apps, schema_editor):
    Option = apps.get_model("sessions_app", "Option")
    for option_id, label in OPTIONS.items():
        Option.objects.get_or_create(option_id=option_id, defaults={"label": label})


class Migration(migrations.Migration):
    dependencies = [("sessions_app", "0001_initial")]

    operations = [
        migrations.RunPython(index_search, drop_index),
        migrations.RunPython(label_options, migrations.RunPython.noop),
    ]
