"""What a site owner adds to the settings `wagtail start` wrote: the news app, and Django's cache around everything."""

from .base import INSTALLED_APPS, MIDDLEWARE, STORAGES

SECRET_KEY = "of a site that lives for a measurement"  # noqa: S105
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["news", *INSTALLED_APPS]
MIDDLEWARE = [
    "django.middleware.cache.UpdateCacheMiddleware",
    *MIDDLEWARE,
    "django.middleware.cache.FetchFromCacheMiddleware",
]
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}
CACHE_MIDDLEWARE_SECONDS = 3600
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
