"""The desk's forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from coranto.desk.rules import roles
from coranto.desk.rules.roles import Role
from coranto.newsroom.models import Section


class WithdrawalForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=500,
        help_text=_("For your colleagues; it stands in the article's history."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class VersionWithdrawalForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason, for readers"),
        max_length=500,
        help_text=_("It stands in the history in the place of the words. Do not repeat them."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Readers are told why. Write a sentence for them.")},
    )


class PositionForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"))
    section = forms.ModelChoiceField(
        label=_("Section"),
        queryset=Section.objects.none(),
        required=False,
        empty_label=_("The whole paper"),
    )

    def __init__(self, *args: Any, appoints_administrators: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [each for each in Role.choices if appoints_administrators or each[0] != Role.ADMINISTRATOR]
        self.fields["role"] = forms.ChoiceField(label=_("Role"), choices=offered)
        self.fields["section"].queryset = Section.objects.order_by("title")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("section") and not roles.may_hold(cleaned.get("role", ""), in_a_section=True):
            raise ValidationError({"section": _("This role is for the whole paper. Leave the section empty.")})
        return cleaned


class PersonForm(PositionForm):
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    first_name = forms.CharField(label=_("First name"), max_length=100, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=100, required=False)
    field_order = ("email", "first_name", "last_name", "role", "section")
