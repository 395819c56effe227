"""Arithmetic of how things look: colours one can read, which way a text runs, a seal for a name, players of videos."""

from coranto.theme.rules.colours import DARK_GROUNDS, DEFAULT_ACCENT, LIGHT_GROUNDS, accents, colour_sheet
from coranto.theme.rules.directions import direction_of, isolated, with_directions
from coranto.theme.rules.pages import fingerprint, json_for_html
from coranto.theme.rules.players import Player, host_of, player_of
from coranto.theme.rules.seals import SEAL_INKS, Seal, seal_of

__all__ = [
    "DARK_GROUNDS",
    "DEFAULT_ACCENT",
    "LIGHT_GROUNDS",
    "SEAL_INKS",
    "Player",
    "Seal",
    "accents",
    "colour_sheet",
    "direction_of",
    "fingerprint",
    "host_of",
    "isolated",
    "json_for_html",
    "player_of",
    "seal_of",
    "with_directions",
]
