"""Whether the search finds what people judged relevant."""

from collections.abc import Callable, Sequence

from clinical.evaluation.data.beir import Query
from clinical.evaluation.metrics.bootstrap import mean_interval
from clinical.evaluation.metrics.latency import Latency
from clinical.evaluation.metrics.ranking import ndcg, recall
from clinical.evaluation.suites.figures import Figures, latency_figures
from clinical.evaluation.suites.tracking import Track, untracked

NDCG_AT = 10
RECALL_AT = 100

# Question and how many are wanted, to the documents' ids, best first.
Search = Callable[[str, int], Sequence[str]]


def evaluate_retrieval(queries: Sequence[Query], search: Search, *, track: Track = untracked) -> Figures:
    """Return nDCG@10 and recall@100 over the queries, and how long a search for 100 documents takes.

    The first query is searched once before, unmeasured: what is loaded once is not what a search costs.
    """
    search(queries[0].text, RECALL_AT)
    latency, gains, recalls = Latency(), [], []
    for query in track(queries, "Searching"):
        with latency.measured():
            found = search(query.text, RECALL_AT)
        ranking = [each for each in found if each != query.id or each in query.grades]
        gains.append(ndcg(ranking, query.grades, NDCG_AT))
        recalls.append(recall(ranking, query.grades, RECALL_AT))
    return {
        "ndcg_at_10": sum(gains) / len(gains),
        "ndcg_at_10_ci": mean_interval(gains),
        "recall_at_100": sum(recalls) / len(recalls),
        "recall_at_100_ci": mean_interval(recalls),
        **latency_figures(latency),
        "queries": len(queries),
    }
