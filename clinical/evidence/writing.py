"""The index as it is written: words to tantivy, vectors beside them, both durable at each commit."""

import logging
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from types import TracebackType

import numpy as np
import tantivy
from numpy.typing import NDArray

from clinical.evidence.domain import Source
from clinical.evidence.errors import IndexBusy, IndexNotWritten
from clinical.evidence.grading import is_citable
from clinical.evidence.relevance.words import StemmedSource, Vocabulary
from clinical.evidence.rows import free_rows, missing_rows
from clinical.evidence.stored import FORMAT, Placed, make_document, make_schema, open_tantivy, teach, whole
from clinical.evidence.vectors.static import codes, embed_codes
from clinical.evidence.vectors.store import VectorWriter

_log = logging.getLogger(__name__)

_HEAP_BYTES = 128_000_000
# Sources whose vectors are computed at once.
_BATCH = 256


class EvidenceWriter(AbstractContextManager["EvidenceWriter"]):
    """An index open for writing; what was not committed when it closes is gone.

    A row of vectors belongs to the source whose document in tantivy carries its number. Vectors are
    durable before the documents are, so that a crash can leave a row without a source, never the reverse.
    """

    def __init__(self, folder: Path) -> None:
        """Open the index, or start it anew when there is none of this format.

        Rows of vectors that were lost are written again. Raises: IndexBusy, IndexNotWritten.
        """
        self._folder = folder
        self._vocabulary = Vocabulary()
        self._waiting: list[StemmedSource] = []
        with self._problems():
            index = open_tantivy(folder) or _start_anew(folder)
        try:
            self._writer = index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        except ValueError as error:
            raise IndexBusy(folder) from error
        with self._problems():
            self._vectors = VectorWriter(folder / "vectors")
        self._write_missing_rows(index)
        self._free = free_rows(index, self._vectors.size)
        self._end = self._vectors.size

    def add(self, source: Source) -> None:
        """Put the source in, in place of an earlier one of its id. Raises: IndexNotWritten."""
        self._waiting.append(self._vocabulary.read(source))
        if len(self._waiting) >= _BATCH:
            self._write_waiting()

    def delete(self, source_id: str) -> None:
        """Take the source out, if it is there. Raises: IndexNotWritten."""
        self._delete_by("id", source_id)

    def delete_all(self, tag: str) -> None:
        """Take out every source that carries the tag. Raises: IndexNotWritten."""
        self._delete_by("tag", tag)

    def commit(self) -> None:
        """Make what was added and deleted durable, all of it or nothing. Raises: IndexNotWritten."""
        self._write_waiting()
        with self._problems():
            self._vectors.sync()
            self._writer.commit()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._vectors.close()
        # After a full disk its threads may be gone; what was committed is safe without them.
        with suppress(ValueError):
            self._writer.rollback()
            self._writer.wait_merging_threads()

    def _delete_by(self, field: str, value: str) -> None:
        self._write_waiting()
        with self._problems():
            self._writer.delete_documents_by_term(field, whole(value))

    def _write_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        citable = [stemmed for stemmed in waiting if is_citable(stemmed.source)]
        placed = iter(self._place(self._take_rows(len(citable)), citable))
        with self._problems():
            for stemmed in waiting:
                self._writer.delete_documents_by_term("id", whole(stemmed.source.id))
                place = next(placed) if is_citable(stemmed.source) else None
                self._writer.add_document(make_document(stemmed, place))

    def _place(self, rows: NDArray[np.int64], sources: list[StemmedSource]) -> list[Placed]:
        """Write the sources' vectors into the rows; return the place of each."""
        coded = [codes(stemmed.title + stemmed.body) for stemmed in sources]
        if coded:
            vectors = embed_codes(coded)
            with self._problems():
                self._vectors.write(rows, [stemmed.source for stemmed in sources], vectors)
        return [Placed(row, numbers) for row, numbers in zip(rows.tolist(), coded, strict=True)]

    def _take_rows(self, count: int) -> NDArray[np.int64]:
        free, self._free = self._free[:count], self._free[count:]
        end = self._end + count - len(free)
        rows = np.concatenate([free, np.arange(self._end, end)])
        self._end = end
        return rows

    def _write_missing_rows(self, index: tantivy.Index) -> None:
        if not self._vectors.size and index.searcher().num_docs:
            _log.warning("%s has no vectors of this version: writing them anew.", self._folder)
        for rows, sources in missing_rows(index, self._vectors.size):
            self._place(rows, list(map(self._vocabulary.read, sources)))

    @contextmanager
    def _problems(self) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError) as error:  # tantivy says ValueError whatever happened
            raise IndexNotWritten(self._folder, str(error)) from error


def _start_anew(folder: Path) -> tantivy.Index:
    # The marker goes first and comes last, so that a crash in between leaves no index that looks whole.
    (folder / "format").unlink(missing_ok=True)
    for part in ("tantivy", "vectors"):
        shutil.rmtree(folder / part, ignore_errors=True)
    (folder / "tantivy").mkdir(parents=True)
    index = teach(tantivy.Index(make_schema(), path=str(folder / "tantivy")))
    (folder / "format").write_text(FORMAT, encoding="utf-8")
    return index
