from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0003_photos'),
    ]

    operations = [
        migrations.AddField(
            model_name='rendition',
            name='is_for_sharing',
            field=models.BooleanField(default=False),
        ),
        migrations.RemoveConstraint(
            model_name='rendition',
            name='core_rendition_once',
        ),
        migrations.AddConstraint(
            model_name='rendition',
            constraint=models.UniqueConstraint(fields=('photo', 'ending', 'width', 'is_for_sharing'), name='core_rendition_once'),
        ),
    ]
