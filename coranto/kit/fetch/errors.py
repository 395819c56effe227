"""What can go wrong, said so that it may be shown to anybody."""

from collections.abc import Mapping
from typing import Final, Literal

Kind = Literal["address", "scheme", "redirects", "too-large", "type", "timeout", "status", "network"]

_SENTENCES: Final[Mapping[Kind, str]] = {
    "address": "{host} could not be reached.",
    "network": "{host} could not be reached.",
    "scheme": "{host} was not asked: only http and https are allowed, and no step from https to http.",
    "redirects": "{host} redirects too often, or to nowhere.",
    "too-large": "{host} sent more than is accepted.",
    "type": "{host} sent something of another kind than was asked for.",
    "timeout": "{host} did not answer in time.",
    "status": "{host} answered with an error ({status}).",
}


class FetchError(Exception):
    """Nothing was fetched. `kind` says why, `host` who was asked, `status` what a web server answered.

    The text is safe to show to anybody; the cause, if there is one, is not.
    """

    def __init__(self, kind: Kind, host: str, status: int | None = None) -> None:
        super().__init__(_SENTENCES[kind].format(host=host or "This address", status=status))
        self.kind: Kind = kind
        self.host = host
        self.status = status
