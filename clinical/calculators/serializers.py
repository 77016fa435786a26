"""The shapes of the calculators' API, for validation and for the OpenAPI document."""

from typing import Any

from rest_framework import serializers

from clinical.calculators.document import KINDS
from clinical.calculators.notes.extracting import LONGEST_NOTE


class InputSerializer(serializers.Serializer[Any]):
    """One thing that a calculator asks for; `unit` is UCUM."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # also an attribute of DRF's fields
    kind = serializers.ChoiceField(choices=KINDS)
    unit = serializers.CharField(allow_blank=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    choices = serializers.ListField(child=serializers.CharField())
    is_required = serializers.BooleanField()


class BandSerializer(serializers.Serializer[Any]):
    """What a value means from `at_least` up to the next band."""

    at_least = serializers.FloatField()
    meaning = serializers.CharField()


class CalculatorSourceSerializer(serializers.Serializer[Any]):
    """The primary publication."""

    text = serializers.CharField()
    doi = serializers.CharField(allow_null=True)
    pmid = serializers.CharField(allow_null=True)
    url = serializers.CharField()


class CalculatorSerializer(serializers.Serializer[Any]):
    """A calculator: what it asks for, what its number means, and where it is from."""

    name = serializers.CharField()
    title = serializers.CharField()
    topic = serializers.CharField()
    unit = serializers.CharField(allow_blank=True)
    inputs = InputSerializer(many=True)
    bands = BandSerializer(many=True)
    note = serializers.CharField(allow_blank=True)
    sources = CalculatorSourceSerializer(many=True)


class CalculationRequestSerializer(serializers.Serializer[Any]):
    """Inputs by name; a number may come as {"value": 120, "unit": "umol/L"}. A patient's chart fills what is not given."""

    inputs = serializers.DictField(child=serializers.JSONField(allow_null=True), default=dict)
    note = serializers.CharField(
        max_length=LONGEST_NOTE,
        required=False,
        help_text="A note to read inputs from, by rules; it is not kept",
    )
    patient = serializers.CharField(max_length=64, required=False, help_text="The patient's id in the EHR")


class UsedInputSerializer(serializers.Serializer[Any]):
    """An input as it was used; `origin` is given, note (`text` quotes it), chart, or assumed: not recorded, and counted as not there."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # also an attribute of DRF's fields
    value = serializers.JSONField()
    unit = serializers.CharField(allow_blank=True)
    origin = serializers.ChoiceField(choices=["given", "note", "chart", "assumed"])
    text = serializers.CharField(allow_blank=True)
    reference = serializers.CharField(allow_blank=True)
    date = serializers.DateField(allow_null=True)
    age_days = serializers.IntegerField(allow_null=True)


class ResultSerializer(serializers.Serializer[Any]):
    """A result with every input that it rests on. `value` is a number, or a date in ISO 8601."""

    name = serializers.CharField()
    title = serializers.CharField()
    value = serializers.JSONField()
    unit = serializers.CharField(allow_blank=True)
    text = serializers.CharField()
    meaning = serializers.CharField(allow_blank=True)
    inputs = UsedInputSerializer(many=True)
    note = serializers.CharField(allow_blank=True)
    sources = CalculatorSourceSerializer(many=True)
