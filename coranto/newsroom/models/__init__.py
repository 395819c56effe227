"""Articles and what they are sorted by, said in and remembered as.

Depends on masthead (Account, Picture, SitePage); nothing here knows comments, feeds or looks.
"""

from coranto.newsroom.models.article import Article, ArticleAuthor, ArticleTopic, Credit
from coranto.newsroom.models.breaking import BreakingStrip
from coranto.newsroom.models.listing import FormerAddress, Listing
from coranto.newsroom.models.people import Author, AuthorLink
from coranto.newsroom.models.related import ArchiveTerm, ArticleTerm, ArticleToRelate, ReadNext, RelatedArticle
from coranto.newsroom.models.search import SearchEntry, SearchSpelling, SearchWord, TitleLengths
from coranto.newsroom.models.sections import FrontPage, Section, Topic
from coranto.newsroom.models.version import ArticleVersion, VersionWithdrawal

__all__ = [
    "ArchiveTerm",
    "Article",
    "ArticleAuthor",
    "ArticleTerm",
    "ArticleToRelate",
    "ArticleTopic",
    "ArticleVersion",
    "Author",
    "AuthorLink",
    "BreakingStrip",
    "Credit",
    "FormerAddress",
    "FrontPage",
    "Listing",
    "ReadNext",
    "RelatedArticle",
    "SearchEntry",
    "SearchSpelling",
    "SearchWord",
    "Section",
    "TitleLengths",
    "Topic",
    "VersionWithdrawal",
]
