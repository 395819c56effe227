from django.urls import path, re_path

from coranto.newsroom import history, views

urlpatterns = [
    path("", views.front_page, name="front_page"),
    path("latest/", views.latest, name="latest"),
    path("search/", views.search, name="search"),
    path("corrections/", history.corrections, name="corrections"),
    path("authors/", views.authors, name="authors"),
    path("authors/<str:slug>/", views.author, name="author"),
    path("topics/<str:slug>/", views.topic, name="topic"),
    path("<str:slug>/", views.section_or_page, name="section"),
    path("<str:section_slug>/<str:slug>/", views.article_or_page, name="article"),
    path("<str:section_slug>/<str:slug>/history/", history.article_history, name="article_history"),
    path("<str:section_slug>/<str:slug>/history/<int:number>/", history.article_version, name="article_version"),
    path(
        "<str:section_slug>/<str:slug>/history/<int:number>/version.json",
        history.version_document,
        name="version_document",
    ),
    re_path(r"^((?:[\w\-]+/){3,})$", views.deeper_page, name="deeper_page"),
]
