"""Which cards were shown and what became of them, and how each rule stands: no patient, no user, no words of anyone."""

from django.db import models


class ShownCard(models.Model):
    """One card that went out: to which EHR, at which service, from which version of which rule."""

    card = models.UUIDField(primary_key=True)
    ehr = models.CharField(max_length=40)
    service = models.CharField(max_length=64)
    rule_id = models.CharField(max_length=64)
    rule_version = models.CharField(max_length=16)
    indicator = models.CharField(max_length=16)
    shown_at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = (models.Index(name="shown_by_rule", fields=("rule_id", "rule_version", "shown_at")),)

    def __str__(self) -> str:
        return f"{self.rule_id} {self.rule_version}"


class CardFeedback(models.Model):
    """What became of a card, as the EHR told it; the last word counts."""

    card = models.OneToOneField(ShownCard, on_delete=models.CASCADE, related_name="feedback")
    outcome = models.CharField(max_length=16)
    reason_system = models.CharField(max_length=160, blank=True)
    reason_code = models.CharField(max_length=64, blank=True)
    outcome_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="card_outcome_is_known", condition=models.Q(outcome__in=["accepted", "overridden"])
            ),
        )

    def __str__(self) -> str:
        return f"{self.card_id} {self.outcome}"


class RuleStanding(models.Model):
    """How a version of a rule stands; one without a row is as its table says.

    Set by the figures (`reviewed_by` empty) until a person decides, and then not by them for a time.
    """

    rule_id = models.CharField(max_length=64)
    rule_version = models.CharField(max_length=16)
    state = models.CharField(max_length=16)
    since = models.DateTimeField()
    reviewed_by = models.CharField(max_length=150, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="one_standing_each_rule_version", fields=("rule_id", "rule_version")
            ),
            models.CheckConstraint(
                name="rule_state_is_known", condition=models.Q(state__in=["normal", "demoted", "flagged"])
            ),
            models.CheckConstraint(
                name="rule_reviewed_by_and_at",
                condition=models.Q(reviewed_by="", reviewed_at=None)
                | (~models.Q(reviewed_by="") & models.Q(reviewed_at__isnull=False)),
            ),
        )

    def __str__(self) -> str:
        return f"{self.rule_id} {self.rule_version} {self.state}"
