"""Who does what in the newsroom before an article goes out.

Depends on newsroom (sections, articles) and masthead (accounts).
"""

from coranto.desk.models.position import Position

__all__ = ["Position"]
