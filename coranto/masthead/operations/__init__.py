"""What is done to the publication itself, its accounts and its pictures."""

from coranto.masthead.operations.pictures import (
    PictureDraft,
    PictureRefused,
    make_renditions,
    store_pictures,
)
from coranto.masthead.operations.setup import (
    SetupLinkSpentError,
    create_setup_link_if_needed,
    has_open_setup_link,
    use_setup_link,
)

__all__ = [
    "PictureDraft",
    "PictureRefused",
    "SetupLinkSpentError",
    "create_setup_link_if_needed",
    "has_open_setup_link",
    "make_renditions",
    "store_pictures",
    "use_setup_link",
]
