"""Carts and lines are found by words as orders are: in whatever case, with or without accents."""

from django.db import migrations, models

from mirror.search import normalised

BATCH = 500


def write_words(apps, schema_editor):
    using = schema_editor.connection.alias
    carts, lines = (apps.get_model("sessions_app", name).objects.using(using) for name in ("Cart", "Line"))
    _write(carts.only("external_id", "project_id"), lambda cart: f"{cart.external_id} {cart.project_id}")
    _write(lines.only("search"), lambda line: line.search)


def _write(rows, words_of):
    rows = rows.order_by("pk")
    batch = list(rows[:BATCH])
    while batch:
        for row in batch:
            row.search = normalised(words_of(row))
        rows.bulk_update(batch, ["search"])
        batch = list(rows.filter(pk__gt=batch[-1].pk)[:BATCH])


class Migration(migrations.Migration):
    dependencies = [("sessions_app", "0002_search_and_options")]

    operations = [
        migrations.AddField("cart", "search", models.TextField(blank=True)),
        migrations.RunPython(write_words, migrations.RunPython.noop),
    ]
