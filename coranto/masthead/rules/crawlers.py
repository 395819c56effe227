"""Programs that read sites for makers of language models, and what may stand in robots.txt (RFC 9309)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coranto.masthead.rules.lines import problems_by_line

if TYPE_CHECKING:
    from django.utils.functional import Promise


class Use(Enum):
    """What a crawler reads pages for."""

    TRAINING = "training"
    SEARCH = "search"
    ON_REQUEST = "on request"


USES: Final[dict[Use, str | Promise]] = {
    Use.TRAINING: gettext_lazy("To train models"),
    Use.SEARCH: gettext_lazy("For search engines that answer in sentences"),
    Use.ON_REQUEST: gettext_lazy("Because somebody asks about a page at that moment"),
}


@dataclass(frozen=True, slots=True)
class Crawler:
    """`agent` is its product token, by which robots.txt speaks to it."""

    agent: str
    owner: str
    use: Use


# As their owners document them; one that is unknown here can be named in the further lines.
CRAWLERS: Final = (
    Crawler("AI2Bot", "Allen Institute for AI", Use.TRAINING),
    Crawler("Amazonbot", "Amazon", Use.TRAINING),
    Crawler("Applebot-Extended", "Apple", Use.TRAINING),
    Crawler("Bytespider", "ByteDance", Use.TRAINING),
    Crawler("CCBot", "Common Crawl", Use.TRAINING),
    Crawler("ClaudeBot", "Anthropic", Use.TRAINING),
    Crawler("cohere-training-data-crawler", "Cohere", Use.TRAINING),
    Crawler("Diffbot", "Diffbot", Use.TRAINING),
    Crawler("Google-Extended", "Google", Use.TRAINING),
    Crawler("GPTBot", "OpenAI", Use.TRAINING),
    Crawler("meta-externalagent", "Meta", Use.TRAINING),
    Crawler("PanguBot", "Huawei", Use.TRAINING),
    Crawler("Timpibot", "Timpi", Use.TRAINING),
    Crawler("Webzio-Extended", "Webz.io", Use.TRAINING),
    Crawler("Claude-SearchBot", "Anthropic", Use.SEARCH),
    Crawler("OAI-SearchBot", "OpenAI", Use.SEARCH),
    Crawler("PerplexityBot", "Perplexity", Use.SEARCH),
    Crawler("YouBot", "You.com", Use.SEARCH),
    Crawler("ChatGPT-User", "OpenAI", Use.ON_REQUEST),
    Crawler("Claude-User", "Anthropic", Use.ON_REQUEST),
    Crawler("DuckAssistBot", "DuckDuckGo", Use.ON_REQUEST),
    Crawler("meta-externalfetcher", "Meta", Use.ON_REQUEST),
    Crawler("MistralAI-User", "Mistral", Use.ON_REQUEST),
    Crawler("Perplexity-User", "Perplexity", Use.ON_REQUEST),
)

_FIELDS: Final = frozenset({"user-agent", "allow", "disallow", "crawl-delay", "sitemap", "host", "content-signal"})
_LINE: Final = re.compile(r"\s*([A-Za-z-]+)\s*:(.*)")


def refused_agents(chosen: list[str]) -> list[str]:
    """Those of the chosen that are known here, in the order they are listed in."""
    return [each.agent for each in CRAWLERS if each.agent in chosen]


def problems_with_robots(text: str) -> list[str]:
    """A sentence for each line of robots.txt that says nothing to any crawler."""
    return problems_by_line(text, _problem)


def _problem(line: str) -> str:
    if not line.strip():
        return ""
    match = _LINE.fullmatch(line)
    if match is None:
        return _("write a field, a colon and a value, such as “Disallow: /archive/”.")
    name, value = match[1].lower(), match[2].strip()
    if name not in _FIELDS:
        return _("“%(name)s” is no field crawlers know.") % {"name": match[1]}
    if name in {"allow", "disallow"} and value and not value.startswith(("/", "*")):
        return _("a path begins with “/”.")
    if name == "user-agent" and not value:
        return _("name a crawler, or “*” for all.")
    return ""
