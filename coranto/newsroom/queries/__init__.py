"""The reads of the newsroom's pages, each with a fixed number of queries however much there is."""

from coranto.newsroom.queries.addresses import Whereabouts, stored_redirect, whereabouts
from coranto.newsroom.queries.articles import (
    ArticlePage,
    article_page,
    draft_page,
    find_article,
    find_plain_page,
    find_public_article,
    fold,
)
from coranto.newsroom.queries.bodies import BodyBlock, addresses_of, plain_page_html
from coranto.newsroom.queries.breaking import Breaking, breaking_strip
from coranto.newsroom.queries.cards import Card, cards_of, sections, sections_for
from coranto.newsroom.queries.corrections import CorrectionItem, CorrectionsPage, corrections, corrections_of
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
from coranto.newsroom.queries.lists import (
    LEAD_LENGTH,
    FrontPageContent,
    ListPage,
    SectionRow,
    front_page,
    headlines,
    list_page,
)
from coranto.newsroom.queries.people import find_author, find_topic, published_authors
from coranto.newsroom.queries.picks import HiddenPick, Reason, coming_picks, hidden_picks
from coranto.newsroom.queries.related import onward, related_articles
from coranto.newsroom.queries.search import SearchResults, read_wish, search_results

__all__ = [
    "LATEST_BELOW",
    "LEAD_LENGTH",
    "ArrangedFront",
    "ArticlePage",
    "BodyBlock",
    "Breaking",
    "Card",
    "CorrectionItem",
    "CorrectionsPage",
    "Figure",
    "FrontHead",
    "FrontPageContent",
    "FrontPlacement",
    "FrontRow",
    "HiddenPick",
    "ListPage",
    "Reason",
    "SearchResults",
    "SectionRow",
    "Whereabouts",
    "addresses_of",
    "arranged_front",
    "article_page",
    "breaking_strip",
    "cards_of",
    "coming_picks",
    "corrections",
    "corrections_of",
    "draft_page",
    "figure_of",
    "find_article",
    "find_author",
    "find_plain_page",
    "find_public_article",
    "find_topic",
    "fold",
    "front_page",
    "headlines",
    "hidden_picks",
    "list_page",
    "onward",
    "picks_in",
    "plain_page_html",
    "published_authors",
    "read_wish",
    "related_articles",
    "search_results",
    "sections",
    "sections_for",
    "stored_redirect",
    "whereabouts",
]
