"""The door through which gunicorn serves the site."""

import os

from django.core.wsgi import get_wsgi_application

from twinning.core.uploads import WholeBodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "twinning.settings")
application = WholeBodies(get_wsgi_application())
