"""What readers fill in to write, to change what they wrote, and to report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from coranto.comments.models import Follow, Report
from coranto.comments.rules import words
from coranto.mailroom.rules.addresses import BadAddress, check_address
from coranto.readers.rules.names import LONGEST, clean_name

if TYPE_CHECKING:
    from coranto.comments.queries.own import Writer


# They run from the left even where the sentence does not.
_SAMPLE: Final = "\u2066{}\u2069"
_WHAT_WORKS: Final = format_lazy(
    _("{emphasis}, {strong}, {quotes}, {links} and lists work."),
    emphasis=format_lazy(_SAMPLE, _("*emphasis*")),
    strong=format_lazy(_SAMPLE, _("**strong**")),
    quotes=format_lazy(_SAMPLE, _("> quotes")),
    links=format_lazy(_SAMPLE, _("[links](https://…)")),
)


class WordsForm(forms.Form):
    """The words alone."""

    words = forms.CharField(
        label=_("Your comment"),
        help_text=_WHAT_WORKS,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
    )

    def clean_words(self) -> str:
        source = words.tidy(self.cleaned_data["words"])
        if len(source) > words.LONGEST:
            raise ValidationError(
                _("A comment has at most %(most)d characters; this has %(here)d. Please shorten it."),
                params={"most": words.LONGEST, "here": len(source)},
            )
        if not words.says_something(words.render(source)):
            raise ValidationError(_("Please write something."))
        return source

    def focus_on_error(self) -> None:
        """Where the page comes back, begin in the first field that is wrong."""
        for name in self.fields:
            if name in self.errors:
                self.fields[name].widget.attrs["autofocus"] = True
                return


class CommentForm(WordsForm):
    """A comment, and of whoever is not known yet a name and an address."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.CharField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("Not shown. We send you one mail, to make sure that it is yours."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    # Hidden: people leave it empty, programs fill in whatever there is.
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}))
    field_order = ("words", "name", "email", "website")

    def __init__(self, *args: Any, writer: Writer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if writer.is_confirmed:
            del self.fields["email"]
            if writer.name:
                del self.fields["name"]

    def has_words(self) -> bool:
        """Whether there is something to preview; who wrote it is asked when it is sent."""
        for name in [each for each in self.errors if each != "words"]:
            del self.errors[name]
        return self.is_valid()

    def clean_name(self) -> str:
        name = clean_name(self.cleaned_data["name"])
        if not name:
            raise ValidationError(_("Please give a name that can be read."))
        return name

    def clean_email(self) -> str:
        try:
            return check_address(self.cleaned_data["email"])
        except BadAddress as error:
            raise ValidationError(str(error)) from error


class ReportForm(forms.Form):
    reason = forms.ChoiceField(label=_("What is wrong?"), choices=Report.Reason.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("In your words"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


class FollowForm(forms.Form):
    """What to be told of, and of whoever is not known yet the address to write to."""

    what = forms.ChoiceField(label=_("Notify of"), choices=Follow.What.choices, widget=forms.RadioSelect)
    email = forms.CharField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    website = forms.CharField(required=False)  # as above

    def __init__(self, *args: Any, writer: Writer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if writer.is_confirmed:
            del self.fields["email"]

    clean_email = CommentForm.clean_email
