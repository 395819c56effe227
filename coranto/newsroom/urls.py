from django.urls import path, re_path

from coranto.newsroom import views

urlpatterns = [
    path("", views.front_page, name="front_page"),
    path("latest/", views.latest, name="latest"),
    path("search/", views.search, name="search"),
    path("authors/", views.authors, name="authors"),
    path("authors/<str:slug>/", views.author, name="author"),
    path("topics/<str:slug>/", views.topic, name="topic"),
    path("<str:slug>/", views.section_or_page, name="section"),
    path("<str:section_slug>/<str:slug>/", views.article_or_page, name="article"),
    re_path(r"^((?:[\w\-]+/){3,})$", views.deeper_page, name="deeper_page"),
]
