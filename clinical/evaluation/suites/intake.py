"""Whether every file of a folder becomes a chart or is refused by name, how fast, and what is found in them."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from clinical.evaluation.errors import DataEmpty, DataMissing
from clinical.evaluation.metrics.latency import Latency
from clinical.evaluation.suites.figures import Figures, latency_figures
from clinical.evaluation.suites.tracking import Track, untracked
from ehr_integration.chart.domain import Chart
from ehr_integration.errors import ChartRefused

FOLDER = "a folder with one patient's record in each file: FHIR JSON, HL7 v2 or CDA"
CHART = "chart"


def record_files(folder: Path) -> list[Path]:
    """Return the files of a folder and of those below it, by name; hidden ones are left out. A file is itself.

    Raises: DataMissing, DataEmpty.
    """
    if folder.is_file():
        return [folder]
    if not folder.is_dir():
        raise DataMissing(folder, FOLDER)
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not _is_hidden(path, folder))
    if not files:
        raise DataEmpty(folder, "it holds no file")
    return files


def evaluate_intake(
    files: Sequence[Path],
    read: Callable[[Path], Chart],
    *,
    note: Callable[[str], None],
    track: Track = untracked,
) -> Figures:
    """Return what became of the files; `note` is told of each that the reader crashed on."""
    latency, outcomes, findings = Latency(), _Outcomes(note), Counter[str]()
    for path in track(files, "Reading"):
        with latency.measured(), outcomes.told(path):
            findings.update(finding.code.value for finding in read(path).findings)
    return {
        "files": len(files),
        "charts": outcomes.counts.pop(CHART, 0),
        "crashed": outcomes.crashed,
        "refused": dict(outcomes.counts.most_common()),
        "findings": findings.total(),
        "findings_by_code": dict(findings.most_common()),
        **latency_figures(latency),
    }


class _Outcomes:
    """How often a chart came out, each refusal by its code, and crashes."""

    def __init__(self, note: Callable[[str], None]) -> None:
        self.counts: Counter[str] = Counter()
        self.crashed = 0
        self._note = note

    @contextmanager
    def told(self, path: Path) -> Iterator[None]:
        """Count what comes of the file that is read inside."""
        try:
            yield
        except ChartRefused as refused:
            self.counts[str(refused.code)] += 1
        except Exception as error:  # noqa: BLE001 - that any of these is a defect is what the figure says
            self.crashed += 1
            self._note(f"{path}: the reader crashed with {type(error).__name__}")
        else:
            self.counts[CHART] += 1


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)
