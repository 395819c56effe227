"""What holds for every template."""

import re

from django.template import TemplateSyntaxError
from django.template.loader import get_template

DJANGO = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
TAG = re.compile(r"<([a-zA-Z][\w-]*)((?:\"[^\"]*\"|'[^']*'|[^<>\"'])*)>")
ATTRIBUTE = re.compile(r"\s([^\s=>/]+)\s*=")
# Data for programs that read the page; a browser does not run it, and the policy lets it be.
DATA_TYPES = re.compile(r"type\s*=\s*[\"']application/(ld\+)?json[\"']")


def test_templates_compile(template_files):
    faults = []
    for path in template_files:
        name = str(path).partition("/templates/")[2]
        try:
            template = get_template(name)
        except TemplateSyntaxError as error:
            faults.append(f"{path}: {error}")
        else:
            if str(path) != template.origin.name:
                faults.append(f"{path} is hidden by {template.origin.name}")

    assert faults == []


def test_no_template_holds_script_or_style(template_files):
    """The content security policy allows neither, on purpose: what a comment smuggles in cannot run."""
    assert [
        f"{path.name}: <{tag}{attributes}>"
        for path in template_files
        if path.suffix == ".html"
        for tag, attributes in TAG.findall(DJANGO.sub("", path.read_text()))
        if _is_inline(tag.lower(), attributes)
    ] == []


def _is_inline(tag, attributes):
    names = {name.lower() for name in ATTRIBUTE.findall(attributes)}
    if tag == "style" or "style" in names or any(re.fullmatch(r"on[a-z]+", name) for name in names):
        return True
    return tag == "script" and "src" not in names and not DATA_TYPES.search(attributes)
