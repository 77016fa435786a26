"""Django's sessions in the database; of a launch the newest tokens stay, whichever request is saved last.

Every request saves its session as it read it, and a refresh token may be good for one use only: without this, a slow
request would bring back the one that another has used meanwhile.
"""

from django.contrib.sessions.backends import db
from django.db import transaction

EHR, PLACE = "smart_ehr", "smart_launch_id"
SEALED, RENEWALS = "smart_launch", "smart_launch_renewals"


class SessionStore(db.SessionStore):
    """A session whose launch another request may renew meanwhile."""

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's signature
        """Save; where the stored launch was renewed more often than ours, it stays."""
        if must_create or PLACE not in self:
            super().save(must_create)
            return
        with transaction.atomic():
            self._take_newer()
            super().save()

    def _take_newer(self) -> None:
        row = self.model.objects.select_for_update().filter(session_key=self.session_key).first()
        stored = self.decode(row.session_data) if row else {}
        if stored.get(PLACE) == self[PLACE] and stored[RENEWALS] > self[RENEWALS]:
            self.update({SEALED: stored[SEALED], RENEWALS: stored[RENEWALS]})
