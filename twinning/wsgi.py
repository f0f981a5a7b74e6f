"""The door through which gunicorn serves the site."""

import logging
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from twinning.core.files.uploads import CompleteBodyMiddleware
from twinning.environment import IS_COMMAND

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "twinning.settings")
application = CompleteBodyMiddleware(get_wsgi_application())

if not IS_COMMAND:
    log = logging.getLogger(__name__)
    if settings.DEMO:
        log.critical("DEMO is on: everybody knows the passwords of this site. This must not be reached from outside.")
    if settings.DEBUG:
        log.critical(
            "DEBUG is on: errors show visitors the settings and the code. This must not be reached from outside."
        )
