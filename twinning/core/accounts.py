"""The accounts of the people who work on the site."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from twinning.core.fields.folding import FoldedField


class User(AbstractUser):
    """Somebody who works on the site. The public needs no account."""

    folded = FoldedField("username", "first_name", "last_name")

    not_content = ("password", "last_login")
    # Nobody else sees who is one.
    for_superusers = ("is_superuser",)

    class Meta(AbstractUser.Meta):
        # Two accounts that differ only in "Anna" and "anna" are one typing error waiting to happen.
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="core_user_username_any_case",
                violation_error_message=_("There is a user of that name already."),
            )
        ]
