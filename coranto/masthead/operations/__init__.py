"""What is done to the publication itself, its accounts and its pictures."""

from coranto.masthead.operations.pictures import (
    PictureDraft,
    PictureRefused,
    make_renditions,
    remove_metadata,
    store_pictures,
)
from coranto.masthead.operations.setup import (
    SetupLinkSpentError,
    create_setup_link_if_needed,
    has_open_setup_link,
    name_publication_if_unnamed,
    use_setup_link,
)

__all__ = [
    "PictureDraft",
    "PictureRefused",
    "SetupLinkSpentError",
    "create_setup_link_if_needed",
    "has_open_setup_link",
    "make_renditions",
    "name_publication_if_unnamed",
    "remove_metadata",
    "store_pictures",
    "use_setup_link",
]
