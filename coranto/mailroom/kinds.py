"""What kinds of mail there are; each room registers its own in `AppConfig.ready()`.

kinds.register(kinds.Kind(name="readers.code", label=_("Sign-in codes"), is_secret=True,
                          expires_after=timedelta(minutes=15)))
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

# This room's own: what Wagtail and Django send; what opens an account.
SITE: Final = "mailroom.site"
ACCOUNT: Final = "mailroom.account"
# By which a message that Django sends names its kind.
KIND_HEADER: Final = "X-Coranto-Kind"

PERSONAL: Final = "personal"
BULK: Final = "bulk"


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """`stream` says whether it is written to one person for a reason of theirs, or to many alike.

    `keep` is how long a row stays once it is settled. What is not sent within `expires_after` is never sent.
    The words of a secret kind (codes, links that open an account) are removed from the row once they are sent
    or expired. `ignores_unsubscribe`: what has to be said even to those who want no letters. `links_elsewhere`: its
    HTML may lead to and show what is not ours; of all others such links and pictures are taken out.
    """

    name: str
    label: str | _StrPromise
    stream: Literal["personal", "bulk"] = PERSONAL
    keep: timedelta = timedelta(days=90)
    expires_after: timedelta = timedelta(days=3)
    ignores_unsubscribe: bool = False
    is_secret: bool = False
    links_elsewhere: bool = False

    def __post_init__(self) -> None:
        if self.stream not in {PERSONAL, BULK}:
            raise ValueError(f"{self.name}: a stream is {PERSONAL} or {BULK}")
        if min(self.keep, self.expires_after) <= timedelta(0):
            raise ValueError(f"{self.name}: keep and expires_after must be positive")


_registered: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make `kind` known; a name is taken once."""
    if _registered.get(kind.name, kind) != kind:
        raise ValueError(f"a kind of mail named {kind.name} is registered already")
    _registered[kind.name] = kind


def kind_named(name: str) -> Kind:
    """Raises LookupError for a kind nobody registered."""
    if name not in _registered:
        raise LookupError(f"no kind of mail is named {name}")
    return _registered[name]


def ignores_unsubscribe(name: str) -> bool:
    """Whether even those who want no letters are written this; of a kind that is gone nobody can say so."""
    kind = _registered.get(name)
    return kind is not None and kind.ignores_unsubscribe


def label_of(name: str) -> str:
    """What people call it; the name itself of a kind that is gone."""
    kind = _registered.get(name)
    return str(kind.label) if kind else name
