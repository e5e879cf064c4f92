"""Contacts with two sides, under keys of their own, and which of them each order names.

Those that are here are a copy of Covage's list: the next read of their catalogue brings them again.
"""

import uuid
from typing import Any

import django.utils.timezone
from django.db import migrations, models

CONTACT = "contacts.operator.contact_uuid"


def tell_who_is_named(apps: Any, schema_editor: Any) -> None:
    CopperOrder = apps.get_model("extranet", "CopperOrder")
    columns = ("pk", "status", "draft", "upstream", "contact_uuid")
    named = []
    for order in CopperOrder.objects.only(*columns).iterator(chunk_size=500):
        shown = order.draft if order.status in ("", "draft") else order.upstream
        order.contact_uuid = str(shown.get(CONTACT) or "")[:64]
        if order.contact_uuid:
            named.append(order)
    CopperOrder.objects.bulk_update(named, ["contact_uuid"], batch_size=100)


class Migration(migrations.Migration):
    dependencies = [("extranet", "0003_city_key")]

    operations = [
        migrations.DeleteModel("Contact"),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("upstream_id", models.CharField(max_length=64, null=True, unique=True)),
                ("draft", models.JSONField(default=dict)),
                ("upstream", models.JSONField(default=dict)),
                ("typed", models.JSONField(default=dict)),
                ("conflicts", models.JSONField(default=dict)),
                ("refusals", models.JSONField(default=list)),
                ("seen_at", models.DateTimeField(null=True)),
                ("gone_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("modified_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(blank=True, max_length=250)),
                ("search", models.TextField(blank=True)),
                ("is_ours", models.BooleanField(default=False)),
                ("deleted_at", models.DateTimeField(null=True)),
            ],
            options={"ordering": ("name", "id")},
        ),
        migrations.AddField(
            "copperorder",
            "contact_uuid",
            models.CharField(blank=True, max_length=64, default=""),
            preserve_default=False,
        ),
        migrations.AddIndex("copperorder", models.Index(fields=["contact_uuid"], name="copper_contact")),
        migrations.RunPython(tell_who_is_named, migrations.RunPython.noop),
    ]
