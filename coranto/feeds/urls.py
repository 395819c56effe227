from __future__ import annotations

from django.urls import path, re_path

from coranto.feeds.views import feeds, former, oembed, sitemaps, texts

# Names of files hold a dot, which no slug does.
FILE = r"(?P<name>rss\.xml|atom\.xml|feed\.json)\Z"

urlpatterns = [
    re_path(rf"^{FILE}", feeds.site, name="feed"),
    re_path(rf"^corrections/{FILE}", feeds.corrections, name="corrections_feed"),
    re_path(rf"^authors/(?P<slug>[^/]+)/{FILE}", feeds.author, name="author_feed"),
    re_path(rf"^topics/(?P<slug>[^/]+)/{FILE}", feeds.topic, name="topic_feed"),
    re_path(rf"^(?P<slug>[^/]+)/{FILE}", feeds.section, name="section_feed"),
    re_path(
        r"^(?P<place>(?:[^/]+/)*)feed/(?:(?P<kind>rss2?|rdf|atom|json)/)?\Z", former.wordpress, name="wordpress_feed"
    ),
    path("sitemap.xml", sitemaps.index, name="sitemap_index"),
    path("sitemap-<int:number>.xml", sitemaps.part, {"kind": "pages"}, name="sitemap_pages"),
    path("sitemap-authors-<int:number>.xml", sitemaps.part, {"kind": "authors"}, name="sitemap_authors"),
    path("sitemap-topics-<int:number>.xml", sitemaps.part, {"kind": "topics"}, name="sitemap_topics"),
    path("news-sitemap.xml", sitemaps.news, name="news_sitemap"),
    path("robots.txt", texts.robots, name="robots"),
    path("ads.txt", texts.ads, name="ads"),
    re_path(r"^(?P<key>[A-Za-z0-9-]{8,128})\.txt\Z", texts.indexnow_key, name="indexnow_key"),
    path("-/oembed", oembed.link, name="oembed"),
]
