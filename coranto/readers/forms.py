"""What readers fill in. Those that derive from allauth's are named in the settings (`ACCOUNT_FORMS`, `MFA_FORMS`)."""

from __future__ import annotations

from secrets import token_hex
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import get_adapter
from allauth.account.fields import EmailField, PasswordField
from allauth.account.forms import (
    AddEmailForm,
    ChangePasswordForm,
    ConfirmEmailVerificationCodeForm,
    ConfirmLoginCodeForm,
    ConfirmPasswordResetCodeForm,
    LoginForm,
    RequestLoginCodeForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
    SignupForm,
)
from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from allauth.account.internal.flows.manage_email import assess_unique_email
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter as get_factor_adapter
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
    SignupWebAuthnForm,
)
from django import forms
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from coranto.kit import clock
from coranto.readers.operations import trust_address, try_code
from coranto.readers.rules.names import LONGEST, clean_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from coranto.readers.models import Reader


class AddressField(EmailField):
    """An address in the one spelling by which accounts are found and mails are counted, or a sentence."""

    def __init__(self, *, autocomplete: str) -> None:
        super().__init__(label=_("E-mail address"))
        self.widget.attrs.update(autocomplete=autocomplete, inputmode="email")
        self.widget.attrs.pop("placeholder", None)

    def clean(self, value: Any) -> Any:
        return get_adapter().clean_email(super().clean(value))


class AskedAddress:
    """Calls an address what we call it, and leaves the field empty; in front of one of allauth's forms."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"] = AddressField(autocomplete="email")  # type: ignore[attr-defined]


class SignUpForm(AskedAddress, SignupForm):
    account_already_exists: bool

    def try_save(self, request: HttpRequest) -> Any:
        if self.account_already_exists:
            self._sign_nobody_up(request)
        try:
            return super().try_save(request)
        except IntegrityError:
            # Since this address was looked for somebody has signed up by it: as if they had done so before.
            self.account_already_exists = True
            return super().try_save(request)

    @transaction.atomic
    def save(self, request: HttpRequest) -> Any:
        return super().save(request)

    def _sign_nobody_up(self, request: HttpRequest) -> None:
        """Make an account and take it back, so that an address that has one takes as long as one that has none."""
        address = self.cleaned_data["email"]
        with transaction.atomic():
            self.account_already_exists, self.cleaned_data["email"] = False, f"{token_hex(16)}@invalid.invalid"
            account = self.save(request)
            trust_address(account=account)  # as signing in does
            EmailAddress.objects.get_for_user(account, account.email)
            transaction.set_rollback(True)
        # One that is kept is written to the disk: so is something here.
        try_code(code=token_hex(16), now=clock.now())
        self.account_already_exists, self.cleaned_data["email"] = True, address


class CodeRequestForm(AskedAddress, RequestLoginCodeForm):
    def clean_email(self) -> Any:
        try:
            return super().clean_email()
        except forms.ValidationError as error:
            if error.code != "too_many_login_attempts":
                raise
            raise get_adapter().validation_error("too_many_codes") from error


class NewPasswordForm(AskedAddress, ResetPasswordForm):
    pass


class AddressForm(AskedAddress, AddEmailForm):
    def save(self, request: HttpRequest) -> Any:
        address = self.cleaned_data["email"]
        if assess_unique_email(address, user=self.user) is True:
            return super().save(request)
        # Somebody else's: they are told by mail, as whoever signs up by an address that is known, and no code is sent,
        # which would work nowhere. The page says what it says to all.
        nobodys = EmailAddress(email=address)
        send_verification_email_to_address(request, nobodys)
        return nobodys


class ChosenPassword:
    """Says in a sentence what Django says in a list, which has no place within a paragraph."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # type: ignore[attr-defined]
            field.widget.attrs.pop("placeholder", None)
        self.fields["password1"].help_text = _("At least ten characters.")  # type: ignore[attr-defined]


class PasswordChangeForm(ChosenPassword, ChangePasswordForm):
    pass


class FirstPasswordForm(ChosenPassword, SetPasswordForm):
    pass


class PasswordAnewForm(ChosenPassword, ResetPasswordKeyForm):
    pass


class SignInForm(LoginForm):
    """An address, and a password for those who have one; without one a code is sent."""

    password = PasswordField(
        label=_("Password"),
        required=False,
        autocomplete="current-password",
        help_text=_("If you have one. Leave this empty and we send you a code by e-mail."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = AddressField(autocomplete="username")
        for each in self.fields.values():
            each.widget.attrs.pop("placeholder", None)

    def _setup_password_field(self) -> None:
        """Allauth takes the field away where signing up asks for no password."""

    def _clean_without_password(self, email: str | None, phone: str | None) -> Any:  # noqa: ARG002 - allauth's
        form = CodeRequestForm({"email": email})
        if form.is_valid():
            self.user = form._user  # noqa: SLF001 - as allauth does
        for error in form.errors.as_data().get("email", []):  # with its code, which allauth drops
            self.add_error("login", error)
        return self.cleaned_data

    def add_prefix(self, field_name: str) -> str:
        # As browsers, password managers and the admin's own form call it.
        return super().add_prefix("username" if field_name == "login" else field_name)


class CountedCode:
    """Looks at an answer only while the code may be tried; in front of allauth's form."""

    expected_code: str | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]  # type: ignore[attr-defined]
        field.widget.attrs.update(autocapitalize="characters", spellcheck="false")
        field.widget.attrs.pop("placeholder", None)

    def clean_code(self) -> str:
        if self.expected_code and not try_code(code=self.expected_code, now=clock.now()):
            raise get_adapter().validation_error("incorrect_code")
        return super().clean_code()  # type: ignore[misc]


class SignInCodeForm(CountedCode, ConfirmLoginCodeForm):
    pass


class AddressCodeForm(CountedCode, ConfirmEmailVerificationCodeForm):
    pass


class PasswordCodeForm(CountedCode, ConfirmPasswordResetCodeForm):
    pass


class CredentialField(forms.JSONField):
    """JSON from anybody: deep nesting and endless numbers are no answer of an authenticator either."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput)

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (RecursionError, ValueError) as error:
            raise get_factor_adapter().validation_error("incorrect_code") from error

    def bound_data(self, data: Any, initial: Any) -> Any:  # noqa: ARG002 - a field's signature
        return data  # shown to nobody

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else super().prepare_value(value)


class ReadCredential:
    """Says that an answer no authenticator gives is wrong, where the library stumbles; in front of one of allauth's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"] = CredentialField()  # type: ignore[attr-defined]

    def clean_credential(self) -> Any:
        given = super()
        return self._read(given.clean_credential if hasattr(given, "clean_credential") else self._as_it_is)

    def clean(self) -> Any:
        return self._read(super().clean)  # type: ignore[misc]

    def _as_it_is(self) -> Any:
        return self.cleaned_data["credential"]  # type: ignore[attr-defined]

    def _read(self, read: Callable[[], Any]) -> Any:
        try:
            return read()
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            raise get_factor_adapter().validation_error("incorrect_code") from error


class PasskeySignInForm(ReadCredential, LoginWebAuthnForm):
    pass


class PasskeySecondForm(ReadCredential, AuthenticateWebAuthnForm):
    pass


class PasskeyAgainForm(ReadCredential, ReauthenticateWebAuthnForm):
    pass


class PasskeySignUpForm(ReadCredential, SignupWebAuthnForm):
    pass


class PasskeyForm(ReadCredential, AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].help_text = _("So that you can tell it from others, such as “my phone”.")
        passwordless = self.fields["passwordless"]
        passwordless.label = _("Sign in with it alone, without an address or a password")
        passwordless.help_text = ""
        passwordless.initial = True


class NameForm(forms.Form):
    display_name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
        help_text=_("Shown beside what you write. It need not be your real one."),
    )

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["display_name"] = reader.display_name

    def clean_display_name(self) -> str:
        return clean_name(self.cleaned_data["display_name"])


class EraseForm(forms.Form):
    LEAVE, REMOVE = "leave", "remove"

    words = forms.ChoiceField(
        label=_("What you have written"),
        widget=forms.RadioSelect,
        choices=[
            (LEAVE, _("Leave it where it is, under no name")),
            (REMOVE, _("Remove it as well")),
        ],
        initial=LEAVE,
    )
    is_sure = forms.BooleanField(label=_("Erase my account. I know that nobody can bring it back."))
