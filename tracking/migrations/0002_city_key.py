from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("tracking", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="order",
            name="city_key",
            field=models.CharField(blank=True, max_length=250),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["city_key"], name="order_city_key", opclasses=["varchar_pattern_ops"]),
        ),
    ]
