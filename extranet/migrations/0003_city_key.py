from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("extranet", "0002_term_ends"),
    ]

    operations = [
        migrations.AddField(
            model_name="copperorder",
            name="city_key",
            field=models.CharField(blank=True, max_length=250),
        ),
        migrations.AddIndex(
            model_name="copperorder",
            index=models.Index(fields=["city_key"], name="copper_city_key", opclasses=["varchar_pattern_ops"]),
        ),
        migrations.AddIndex(
            model_name="copperorder",
            index=models.Index(fields=["service", "created_at", "id"], name="copper_kind"),
        ),
    ]
