"""The days of the audit record that the officer looks at."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

DAYS_SHOWN = 7
WITHIN_REASON = (MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2100, 1, 1)))


class PeriodForm(forms.Form):
    """Two days (UTC), both within the period."""

    since = forms.DateField(label="From", validators=WITHIN_REASON)
    until = forms.DateField(label="To", validators=WITHIN_REASON)

    def clean(self) -> dict[str, Any]:
        """Raise ValidationError where the period ends before it begins."""
        days = super().clean() or {}
        if not self.errors and days["until"] < days["since"]:
            raise forms.ValidationError("The period ends before it begins: choose a later second day.")
        return days

    def bounds(self) -> tuple[datetime, datetime]:
        """Return the first instant of the period and the first instant after it."""
        return _midnight(self.cleaned_data["since"]), _midnight(
            self.cleaned_data["until"] + timedelta(days=1)
        )


def last_days(today: date) -> dict[str, str]:
    """Return the period that is shown first, as form data."""
    return {"since": (today - timedelta(days=DAYS_SHOWN - 1)).isoformat(), "until": today.isoformat()}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)
