"""The WSGI application a server runs."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coranto.config.settings")
application = get_wsgi_application()
