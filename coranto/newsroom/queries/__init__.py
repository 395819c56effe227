"""The reads of the newsroom's pages, each with a fixed number of queries however much there is."""

from coranto.newsroom.queries.addresses import Onward, onward, stored_redirect
from coranto.newsroom.queries.articles import ArticlePage, article_page, find_article
from coranto.newsroom.queries.bodies import BodyBlock, addresses_of, plain_page_html
from coranto.newsroom.queries.cards import Card, cards_of, sections
from coranto.newsroom.queries.figures import Figure, figure_of
from coranto.newsroom.queries.lists import LEAD_LENGTH, FrontPageContent, ListPage, SectionRow, front_page, list_page
from coranto.newsroom.queries.search import SearchResults, search_results

__all__ = [
    "LEAD_LENGTH",
    "ArticlePage",
    "BodyBlock",
    "Card",
    "Figure",
    "FrontPageContent",
    "ListPage",
    "Onward",
    "SearchResults",
    "SectionRow",
    "addresses_of",
    "article_page",
    "cards_of",
    "figure_of",
    "find_article",
    "front_page",
    "list_page",
    "onward",
    "plain_page_html",
    "search_results",
    "sections",
    "stored_redirect",
]
