"""What readers do with their account, and how the owner of the server lets somebody in."""

from coranto.readers.operations.accounts import (
    follow_address,
    prune_sign_ins,
    redraw_avatar,
    register_reader,
    rename_reader,
    trust_address,
)
from coranto.readers.operations.data import StaffStaysError, erase_reader, export_reader
from coranto.readers.operations.entering import EntryLinkSpentError, create_entry_link, use_entry_link
from coranto.readers.operations.guessing import is_own_browser, mark_browser, try_code, try_mailing

__all__ = [
    "EntryLinkSpentError",
    "StaffStaysError",
    "create_entry_link",
    "erase_reader",
    "export_reader",
    "follow_address",
    "is_own_browser",
    "mark_browser",
    "prune_sign_ins",
    "redraw_avatar",
    "register_reader",
    "rename_reader",
    "trust_address",
    "try_code",
    "try_mailing",
    "use_entry_link",
]
