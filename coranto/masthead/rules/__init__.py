"""What may be called what, which colours can be read, which files are pictures."""

from coranto.masthead.rules.addresses import RESERVED_SLUGS, address_of, is_reserved
from coranto.masthead.rules.colours import contrast, is_colour

__all__ = ["RESERVED_SLUGS", "address_of", "contrast", "is_colour", "is_reserved"]
