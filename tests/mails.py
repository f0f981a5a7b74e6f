"""What people find in mails."""

import re
from urllib.parse import urlsplit

from django.core import mail

from twinning.core.web.tasks import do_owed


def owed_mails() -> list:
    """All mails, once those that are owed have been sent."""
    do_owed()
    return mail.outbox


def link_in(mail) -> str:
    """The path of the first address in a mail."""
    return urlsplit(re.search(r"https?://\S+", mail.body)[0]).path
