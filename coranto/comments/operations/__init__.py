"""What is done with comments: moved in, written, confirmed, changed, taken back, reported, judged."""

from coranto.comments.operations.changing import edit_comment, erase_comments, remove_comment
from coranto.comments.operations.following import (
    ask_to_follow,
    confirm_follow,
    erase_following,
    follow_thread,
    forget_approval,
    note_approval,
    prune_follows,
    stop_following,
    tell_followers,
    withdraw_news,
    withdraw_news_below,
)
from coranto.comments.operations.keeping import forget_origins, prune_waiting
from coranto.comments.operations.moderating import (
    Outcome,
    appeal_decision,
    approve_comment,
    erase_appeals,
    moderate_comments,
    reject_comment,
    sweep_comments,
)
from coranto.comments.operations.people import block_commenter, hear_commenter, mute_commenter, unblock_commenter
from coranto.comments.operations.reporting import report_comment
from coranto.comments.operations.states import change_states
from coranto.comments.operations.storing import CommentDraft, add_comments
from coranto.comments.operations.teaching import forget_rare_words, teach_score
from coranto.comments.operations.writing import confirm_guest, write_comment

__all__ = [
    "CommentDraft",
    "Outcome",
    "add_comments",
    "appeal_decision",
    "approve_comment",
    "ask_to_follow",
    "block_commenter",
    "change_states",
    "confirm_follow",
    "confirm_guest",
    "edit_comment",
    "erase_appeals",
    "erase_comments",
    "erase_following",
    "follow_thread",
    "forget_approval",
    "forget_origins",
    "forget_rare_words",
    "hear_commenter",
    "moderate_comments",
    "mute_commenter",
    "note_approval",
    "prune_follows",
    "prune_waiting",
    "reject_comment",
    "remove_comment",
    "report_comment",
    "stop_following",
    "sweep_comments",
    "teach_score",
    "tell_followers",
    "unblock_commenter",
    "withdraw_news",
    "withdraw_news_below",
    "write_comment",
]
