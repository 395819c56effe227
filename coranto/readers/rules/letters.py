"""Which of our mails stands for which of allauth's, by the name it calls them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

CODES, NOTICES = "readers.codes", "readers.notices"  # kinds of mail
CODE, KNOWN, NOTICE, MOVED = "account_code", "account_known", "account_notice", "account_moved"


@dataclass(frozen=True, slots=True)
class Letter:
    """`template` below `mails/`; `words` say what is new in it. `is_asked_for`: anybody may have caused it."""

    template: str
    words: str | _StrPromise
    is_asked_for: bool = False
    is_sent: bool = True

    @property
    def kind(self) -> str:
        return CODES if self.template == CODE else NOTICES


_LETTERS: Final = {
    "account/email/login_code": Letter(CODE, _("Sign in"), is_asked_for=True),
    "account/email/email_confirmation": Letter(CODE, _("Confirm your address"), is_asked_for=True),
    "account/email/email_confirmation_signup": Letter(CODE, _("Create your account"), is_asked_for=True),
    "account/email/password_reset_code": Letter(CODE, _("Choose a new password"), is_asked_for=True),
    "account/email/account_already_exists": Letter(KNOWN, "", is_asked_for=True),
    # Written and thrown away: an address without an account takes as long as one with, and nobody is written to.
    "account/email/unknown_account": Letter(CODE, _("Sign in"), is_asked_for=True, is_sent=False),
    # To the former address, whose holder cannot sign in any more.
    "account/email/email_changed": Letter(MOVED, ""),
    "account/email/email_deleted": Letter(NOTICE, _("An address was removed from your account.")),
    "account/email/password_changed": Letter(NOTICE, _("Your password was changed.")),
    "account/email/password_reset": Letter(NOTICE, _("Your password was set anew.")),
    "account/email/password_set": Letter(NOTICE, _("Your account has a password now.")),
    "mfa/email/recovery_codes_generated": Letter(NOTICE, _("New recovery codes were made. The old ones are void.")),
    "mfa/email/totp_activated": Letter(NOTICE, _("An authenticator app was added to your account.")),
    "mfa/email/totp_deactivated": Letter(NOTICE, _("The authenticator app was removed from your account.")),
    "mfa/email/webauthn_added": Letter(NOTICE, _("A passkey was added to your account.")),
    "mfa/email/webauthn_removed": Letter(NOTICE, _("A passkey was removed from your account.")),
}


def letter_of(prefix: str) -> Letter:
    """Raises `KeyError` for a mail we have never seen: it would say what nobody has read."""
    return _LETTERS[prefix]


def prefixes() -> frozenset[str]:
    return frozenset(_LETTERS)
