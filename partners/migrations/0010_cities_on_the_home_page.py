from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0009_one_city_of_a_name"),
    ]

    operations = [
        migrations.AddField(
            model_name="city",
            name="is_on_home",
            field=models.BooleanField(
                default=False,
                help_text=(
                    "The home page introduces twelve cities; with twelve or fewer, all of them. With more, those that are "
                    "ticked here come first. The places left go to the active partnerships in which something was signed "
                    "last, or which began last."
                ),
                verbose_name="introduced on the home page",
            ),
        ),
    ]
