"""Account, Picture, Publication and the pages every site has.

Depends on nothing above: newsroom, comments and all later rooms build on these.
"""

from coranto.masthead.models.account import Account
from coranto.masthead.models.discovery import Discovery
from coranto.masthead.models.pages import PlainPage, SitePage
from coranto.masthead.models.picture import Picture, PictureRendition
from coranto.masthead.models.publication import ChannelLink, NavigationLink, Publication, SetupLink

__all__ = [
    "Account",
    "ChannelLink",
    "Discovery",
    "NavigationLink",
    "Picture",
    "PictureRendition",
    "PlainPage",
    "Publication",
    "SetupLink",
    "SitePage",
]
