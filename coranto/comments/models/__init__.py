"""Comments, what readers say of them, and how the site takes them."""

from coranto.comments.models.comment import MAX_DEPTH, PATH_STEP, STANDING, Comment, CommentQuerySet
from coranto.comments.models.commenting import Commenting
from coranto.comments.models.following import Approval, Follow, Follower
from coranto.comments.models.moderation import Decision, Lesson, Scoring, WordCount
from coranto.comments.models.people import Block, Mute
from coranto.comments.models.report import Report

__all__ = [
    "MAX_DEPTH",
    "PATH_STEP",
    "STANDING",
    "Approval",
    "Block",
    "Comment",
    "CommentQuerySet",
    "Commenting",
    "Decision",
    "Follow",
    "Follower",
    "Lesson",
    "Mute",
    "Report",
    "Scoring",
    "WordCount",
]
