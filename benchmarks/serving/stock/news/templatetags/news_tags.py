# ruff: noqa: ANN001, ANN201 -- written as the tutorial of Wagtail writes it
from django import template
from wagtail.models import Site

from news.models import ArticlePage

register = template.Library()


@register.inclusion_tag("news/menu.html", takes_context=True)
def menu(context):
    root = Site.find_for_request(context["request"]).root_page
    return {"sections": root.get_children().live().in_menu(), "request": context["request"]}


@register.inclusion_tag("news/list.html", takes_context=True)
def latest(context, count):
    articles = ArticlePage.objects.live().order_by("-date", "-pk")[:count]
    return {"articles": articles, "request": context["request"]}
