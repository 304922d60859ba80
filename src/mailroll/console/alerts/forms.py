"""The forms of alerts: what the list is narrowed by, and what is done with one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms

from mailroll.alerts.alert_list import Shown
from mailroll.alerts.attention import NOTE_MAX, Snooze
from mailroll.alerts.causes import RULES, AlertCause, CauseRule, Severity
from mailroll.alerts.channels.storage import ADDRESS_MAX, NAME_MAX
from mailroll.alerts.models import AlertChannel, ChannelKind
from mailroll.alerts.rules import HoldingRule, WantedRule
from mailroll.console import parameters


class AlertSearch(parameters.SearchForm):
    show = forms.ChoiceField(required=False, choices=[(choice.value, choice.words) for choice in Shown])
    severity = forms.ChoiceField(required=False, choices=[(choice.value, choice.words) for choice in Severity])

    @property
    def shown(self) -> Shown:
        return Shown(self.cleaned_data.get("show") or Shown.OPEN)

    @property
    def only(self) -> Severity | None:
        """The one severity that is looked at."""
        severity = self.cleaned_data.get("severity")
        return Severity(severity) if severity else None


class SnoozeForm(forms.Form):
    """For how long an alert is put off."""

    length = forms.ChoiceField(choices=[(choice.value, choice.words) for choice in Snooze])


class AcknowledgeForm(forms.Form):
    """What others need to know; it may be empty."""

    note = forms.CharField(required=False, max_length=NOTE_MAX)


class ChannelForm(forms.Form):
    """A channel to make; whether its address will do is for the use case to say."""

    kind = forms.ChoiceField(
        label="What it is",
        choices=[
            (ChannelKind.MAIL.value, "Mail, to one address"),
            (ChannelKind.SERVICE.value, "Teams, Slack, Google Chat, Discord, PagerDuty, Telegram or Pushover"),
            (ChannelKind.WEBHOOK.value, "Webhook, signed"),
        ],
    )
    address = forms.CharField(
        label="Address",
        max_length=ADDRESS_MAX,
        help_text="Of mail it@example.com, of a webhook https://…, of a service what it gave you. "
        "It is sealed, and not shown again.",
        widget=forms.TextInput(attrs=parameters.NO_PROSE),
        error_messages={"required": "Give the address that messages go to."},
    )
    name = forms.CharField(
        label="Name", required=False, max_length=NAME_MAX, help_text="What it is called in the table of rules."
    )


class ChannelChangeForm(forms.Form):
    """What may become of a channel: another name, or another address of the same kind."""

    name = forms.CharField(label="Name", max_length=NAME_MAX, error_messages={"required": "Give it a name."})
    address = forms.CharField(
        label="New address",
        required=False,
        max_length=ADDRESS_MAX,
        widget=forms.TextInput(attrs=parameters.NO_PROSE),
    )


class CauseForm(forms.Form):
    """Of whom a rule shall be left to the organization above; empty for all of them."""

    cause = forms.ChoiceField(required=False, choices=[(choice.value, choice.value) for choice in AlertCause])


class DigestForm(forms.Form):
    """Whether there is a daily digest, and when it is sent."""

    on = forms.BooleanField(required=False)
    at = forms.TimeField(
        input_formats=["%H:%M", "%H:%M:%S"],
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "aria-label": "Time of the daily digest"}),
        error_messages=dict.fromkeys(("required", "invalid"), "Give a time of the day, like 07:30."),
    )


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One line of the table of rules: what holds, and the fields that change it."""

    cause: AlertCause
    rule: CauseRule
    holds: HoldingRule
    severity: forms.BoundField
    threshold: forms.BoundField | None
    administrators: forms.BoundField
    channels: Sequence[tuple[AlertChannel, forms.BoundField]]


class RulesForm(forms.Form):
    """All rules of an organization, a few fields for each cause."""

    def __init__(
        self, *args: Any, holds: Sequence[HoldingRule], channels: Sequence[AlertChannel], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._holds, self._channels = holds, channels
        for holding_rule in holds:
            rule, name = RULES[holding_rule.cause], holding_rule.cause.value
            self.fields[f"{name}-severity"] = forms.ChoiceField(
                label=f"Severity: {rule.title}",
                choices=[(severity.value, severity.words) for severity in Severity],
                initial=holding_rule.severity.value,
            )
            if rule.threshold is not None:
                self.fields[f"{name}-threshold"] = forms.IntegerField(
                    label=f"{rule.title}, after how many {rule.threshold.unit}",
                    min_value=1,
                    max_value=rule.threshold.most,
                    required=False,
                    initial=holding_rule.threshold or rule.threshold.default,
                    error_messages=dict.fromkeys(
                        ("invalid", "min_value", "max_value"),
                        f"“{rule.title}”: a whole number from 1 to {rule.threshold.most:,}.",
                    ),
                )
            self.fields[f"{name}-administrators"] = forms.BooleanField(
                label=f"{rule.title}: mail to administrators", required=False, initial=holding_rule.administrators
            )
            for channel in channels:
                self.fields[f"{name}-{channel.id}"] = forms.BooleanField(
                    label=f"{rule.title}: {channel.name}", required=False, initial=channel.id in holding_rule.channels
                )
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = field.label

    def rows(self) -> Iterator[RuleRow]:
        for holding_rule in self._holds:
            name = holding_rule.cause.value
            yield RuleRow(
                holding_rule.cause,
                RULES[holding_rule.cause],
                holding_rule,
                self[f"{name}-severity"],
                self[f"{name}-threshold"] if RULES[holding_rule.cause].threshold else None,
                self[f"{name}-administrators"],
                [(channel, self[f"{name}-{channel.id}"]) for channel in self._channels],
            )

    def wanted(self) -> Iterator[WantedRule]:
        fields = self.cleaned_data
        for holding_rule in self._holds:
            name, limits = holding_rule.cause.value, RULES[holding_rule.cause].threshold
            number = fields.get(f"{name}-threshold")
            ticked: set[UUID] = {channel.id for channel in self._channels if fields[f"{name}-{channel.id}"]}
            yield WantedRule(
                holding_rule.cause,
                Severity(fields[f"{name}-severity"]),
                None if limits is None or number in {None, limits.default} else number,
                fields[f"{name}-administrators"],
                frozenset(ticked),
            )
