"""Who does what in the newsroom before an article goes out.

Depends on newsroom (sections, articles) and masthead (accounts).
"""

from coranto.desk.models.checklist import Checklist, LinkCheck, PublishedHeadline
from coranto.desk.models.position import Position, RoleGroup
from coranto.desk.models.review import SectionReview
from coranto.desk.models.trail import GonePageLogEntry

__all__ = ["Checklist", "GonePageLogEntry", "LinkCheck", "Position", "PublishedHeadline", "RoleGroup", "SectionReview"]
