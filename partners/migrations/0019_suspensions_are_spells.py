from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0018_fill_life_of_agreements"),
    ]

    operations = [
        migrations.RemoveField(
            model_name='memorandum',
            name='suspended_on',
        ),
        migrations.AddConstraint(
            model_name='memorandum',
            constraint=models.CheckConstraint(condition=models.Q(('abandoned_on_earliest', None), models.Q(('is_signed_on_unknown_day', False), ('signed_earliest', None)), _connector='OR'), name='partners_memorandum_abandoned_is_unsigned', violation_error_message='A signed agreement cannot be abandoned. Say when it ended instead.'),
        ),
        migrations.AddConstraint(
            model_name='memorandum',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('abandoned_on_earliest', None), ('ended_on_earliest', None)), models.Q(('end_reason', ''), _negated=True), _connector='OR'), name='partners_memorandum_end_has_reason', violation_error_message='Give the reason why it was ended or abandoned.'),
        ),
    ]
