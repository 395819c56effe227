# ruff: noqa: ANN001, ANN002, ANN003, ANN201 -- written as the tutorial of Wagtail writes it
import json
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils.dateparse import parse_datetime
from home.models import HomePage

from news.models import ArticlePage, SectionPage


class Command(BaseCommand):
    help = "Store the articles of a JSON file."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *_args, file, **_options):
        home = HomePage.objects.get()
        sections = {}
        for told in json.loads(file.read_text()):
            section = sections.get(told["section"])
            if section is None:
                page = SectionPage(title=told["section"], slug=told["section"], show_in_menus=True)
                section = sections[told["section"]] = home.add_child(instance=page)
            article = ArticlePage(
                title=told["headline"],
                slug=told["slug"],
                standfirst=told["standfirst"],
                author=told["author"],
                date=parse_datetime(told["published_at"]),
                body=json.dumps(told["body"]),
            )
            article.tags.add(*told["topics"])
            section.add_child(instance=article)
