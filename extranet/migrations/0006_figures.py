from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("extranet", "0005_counted")]

    operations = [
        migrations.AddIndex(
            model_name="copperorder",
            index=models.Index(
                condition=models.Q(("deleted_at", None)),
                fields=["status", "product_family", "deleted_at"],
                name="copper_figures",
            ),
        ),
    ]
