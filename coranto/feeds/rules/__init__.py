"""What may stand in XML, how the archive is cut into sitemaps, what robots.txt says."""

from coranto.feeds.rules.parts import PART_WIDTH, bounds_of, part_of
from coranto.feeds.rules.robots import robots_text
from coranto.feeds.rules.xml import xml_text

__all__ = ["PART_WIDTH", "bounds_of", "part_of", "robots_text", "xml_text"]
