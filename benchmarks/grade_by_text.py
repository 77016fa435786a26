"""How well a record's own words tell its grade: the starter articles that NLM has typed, graded without their types.

Run: python benchmarks/grade_by_text.py [CONTENT_FOLDER]. Figures are in docs/evidence.md.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.literature import CONTENT, articles
from clinical.evidence.domain import Grade
from clinical.evidence.grading import grade_article

RECENT = 2015


def main(content: Path) -> None:
    """Print precision and recall of every grade, over all years and over recent ones."""
    pairs = list(graded(content))
    for title, wanted in (
        ("all years", pairs),
        (f"since {RECENT}", [pair for pair in pairs if pair[2] >= RECENT]),
    ):
        sys.stdout.write(f"{title}: {len(wanted)} typed articles with an abstract\n")
        for grade in Grade:
            told = [typed for typed, told, _ in wanted if told is grade]
            typed = Counter(typed for typed, _, _ in wanted)[grade]
            right = told.count(grade)
            sys.stdout.write(
                f"  {grade.name.lower():18} typed {typed:5} told {len(told):5} right {right:5} "
                f"precision {right / max(len(told), 1):.3f} recall {right / max(typed, 1):.3f}\n"
            )


def graded(content: Path) -> Iterator[tuple[Grade, Grade, int]]:
    """Yield the grade by types, the grade by title and text alone, and the year."""
    for source in articles(content / "data"):
        typed = grade_article(source.publication_types, source.mesh, title="")
        if source.text and typed is not Grade.OTHER:
            yield typed, grade_article((), (), title=source.title, text=source.text), source.year or 0


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else CONTENT)
