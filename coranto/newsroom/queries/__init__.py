"""The reads of the newsroom's pages, each with a fixed number of queries however much there is."""

from coranto.newsroom.queries.addresses import Onward, onward, stored_redirect
from coranto.newsroom.queries.articles import ArticlePage, article_page, find_article
from coranto.newsroom.queries.bodies import BodyBlock, addresses_of, plain_page_html
from coranto.newsroom.queries.breaking import Breaking, breaking_strip
from coranto.newsroom.queries.cards import Card, cards_of, sections
from coranto.newsroom.queries.figures import Figure, figure_of
from coranto.newsroom.queries.fronts import (
    LATEST_BELOW,
    ArrangedFront,
    FrontHead,
    FrontPlacement,
    FrontRow,
    arranged_front,
    picks_in,
)
from coranto.newsroom.queries.lists import LEAD_LENGTH, FrontPageContent, ListPage, SectionRow, front_page, list_page
from coranto.newsroom.queries.picks import HiddenPick, Reason, coming_picks, hidden_picks
from coranto.newsroom.queries.search import SearchResults, search_results

__all__ = [
    "LATEST_BELOW",
    "LEAD_LENGTH",
    "ArrangedFront",
    "ArticlePage",
    "BodyBlock",
    "Breaking",
    "Card",
    "Figure",
    "FrontHead",
    "FrontPageContent",
    "FrontPlacement",
    "FrontRow",
    "HiddenPick",
    "ListPage",
    "Onward",
    "Reason",
    "SearchResults",
    "SectionRow",
    "addresses_of",
    "arranged_front",
    "article_page",
    "breaking_strip",
    "cards_of",
    "coming_picks",
    "figure_of",
    "find_article",
    "front_page",
    "hidden_picks",
    "list_page",
    "onward",
    "picks_in",
    "plain_page_html",
    "search_results",
    "sections",
    "stored_redirect",
]
