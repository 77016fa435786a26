"""A sync in a process of its own, which may be killed: fetches a query into an index, five records at a time."""

import contextlib
import sys
from datetime import date
from pathlib import Path

import redis

from clinical.evidence.corpora.catalogue import Corpus
from clinical.evidence.corpora.intake import Intake
from clinical.evidence.sync import updating
from clinical.evidence.sync.egress import check_query
from clinical.evidence.sync.eutils.client import Eutils, Identity
from clinical.evidence.sync.eutils.pace import Pace
from clinical.evidence.sync.eutils.sending import Limits, Sender, new_client
from clinical.evidence.sync.state import StateFile
from clinical.evidence.sync.storing import Store
from clinical.evidence.sync.updating import Update, UpdateReport, Wishes
from clinical.evidence.sync.words.vocabulary import load_vocabulary

QUERY = "heart failure[tiab]"
TODAY = date(2026, 11, 26)


def update(folder: Path, redis_url: str, address: str) -> UpdateReport:
    """Bring the query up to date, and return what came."""
    vars(updating)["RECORDS_PER_FETCH"] = 5
    limits, file = Limits(), StateFile(folder)
    with (
        redis.Redis.from_url(redis_url) as keeper,
        new_client(limits, is_here=True) as client,
        Intake(folder) as intake,
    ):
        pace = Pace(client=keeper, name=folder.name, places=1_000, lease_seconds=5)
        sender = Sender(client, address, pace, limits)
        eutils = Eutils(sender, Identity(), lambda _: contextlib.nullcontext())
        state = file.read("the index")
        saved = state.saved(QUERY, "pubmed", None)
        store = Store(intake, corpus=Corpus(name="pubmed"), today=TODAY)
        query = check_query(QUERY, load_vocabulary())
        return Update(eutils, store, saved, query, lambda: file.write(state)).run(TODAY, Wishes())


if __name__ == "__main__":
    update(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
