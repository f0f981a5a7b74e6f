"""The authentication backend: passwords of staff."""

from django.contrib.auth.backends import ModelBackend


class StaffBackend(ModelBackend):
    """Authentication backend: nobody signs in, or stays signed in, who is not active staff.

    A wrong name takes as long as a wrong password: Django hashes the password once in either case.
    """

    def user_can_authenticate(self, user) -> bool:
        return user.is_staff and super().user_can_authenticate(user)
