"""What several engines have counted as one text in Prometheus' format: each sample says of which model it is."""

from collections.abc import Iterable, Mapping

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector


def labelled(expositions: Mapping[str, str]) -> str:
    """Return the texts, given by model, as one in which every sample has the label `model`."""
    registry = CollectorRegistry()
    registry.register(_Families(expositions))
    return generate_latest(registry).decode()


class _Families(Collector):
    def __init__(self, expositions: Mapping[str, str]) -> None:
        self._expositions = expositions

    def collect(self) -> Iterable[Metric]:
        """Return each family once, with the samples of all models."""
        families: dict[str, Metric] = {}
        for model, exposition in self._expositions.items():
            for family in text_string_to_metric_families(exposition):
                whole = families.setdefault(
                    family.name, Metric(family.name, family.documentation, family.type)
                )
                for sample in family.samples:
                    whole.add_sample(sample.name, {**sample.labels, "model": model}, sample.value)
        return families.values()
