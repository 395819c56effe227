"""HTML of any origin as the blocks of an article's body; no word lost, none doubled, nothing hostile kept."""

from coranto.importers.bodies.conversion import Converted, References, convert_body, pictures_in

__all__ = ["Converted", "References", "convert_body", "pictures_in"]
