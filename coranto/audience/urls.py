from django.urls import path

from coranto.audience.views import how_we_count, seen, trending

urlpatterns = [
    path("-/seen", seen.seen, name="seen"),
    path("how-we-count/", how_we_count.how_we_count, name="how_we_count"),
    path("trending/", trending.trending, name="trending"),
]
