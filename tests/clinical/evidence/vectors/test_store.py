"""Rows of vectors come back as near as they were written, whatever a crash left of the files."""

import os

import numpy as np
import pytest

from clinical.evidence.domain import Filters, Grade
from clinical.evidence.vectors.static import WIDTH
from clinical.evidence.vectors.store import SHORT_LIST, VectorStore, VectorWriter
from tests.clinical.evidence.corpus import make_article

ALL = Filters()


def unit_vectors(count, seed=1):
    vectors = np.random.default_rng(seed).normal(size=(count, WIDTH)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def write(folder, rows, vectors, **facts):
    writer = VectorWriter(folder)
    writer.write(np.array(rows), [make_article("Gout.", **facts)] * len(rows), vectors)
    writer.sync()
    writer.close()


def rows_near(folder, vector, filters=ALL, limit=5):
    return VectorStore(folder).nearest(vector, filters=filters, limit=limit).tolist()


def test_each_vector_is_nearest_to_itself(tmp_path):
    vectors = unit_vectors(20)
    write(tmp_path, range(20), vectors)
    assert [rows_near(tmp_path, vector)[0] for vector in vectors] == list(range(20))


def test_of_many_rows_the_nearest_are_the_ones_that_exact_scores_name(tmp_path):
    vectors = unit_vectors(3 * SHORT_LIST)
    write(tmp_path, range(len(vectors)), vectors)
    asked = vectors[7] + 0.02 * unit_vectors(1, seed=2)[0]
    asked /= np.linalg.norm(asked)
    rows = rows_near(tmp_path, asked, limit=50)
    exact = vectors @ asked
    assert rows[0] == np.argmax(exact) == 7
    assert np.all(np.diff(exact[rows]) < 0.01)
    assert len(set(rows) & set(np.argsort(-exact)[:50].tolist())) >= 35


def test_a_vector_comes_back_nearly_as_it_was_written(tmp_path):
    vectors = unit_vectors(5)
    write(tmp_path, range(5), vectors)
    assert np.allclose(VectorStore(tmp_path).at(np.array([3, 1])), vectors[[3, 1]], atol=0.01)


def test_a_great_many_equal_rows_bring_no_more_than_was_asked_for(tmp_path):
    [vector] = unit_vectors(1)
    write(tmp_path, range(3 * SHORT_LIST), np.tile(vector, (3 * SHORT_LIST, 1)))
    assert rows_near(tmp_path, vector, limit=3) == [0, 1, 2]


def test_rows_may_be_written_in_any_place_and_over_again(tmp_path):
    vectors = unit_vectors(6)
    write(tmp_path, [0, 1, 4], vectors[:3])
    write(tmp_path, [1, 3], vectors[3:5])
    found = [rows_near(tmp_path, vectors[place])[0] for place in (0, 3, 4, 2)]
    assert found == [0, 1, 3, 4]


def test_a_row_that_was_never_written_is_not_found(tmp_path):
    vectors = unit_vectors(2)
    write(tmp_path, [0, 3], vectors)
    assert sorted(rows_near(tmp_path, vectors[0])) == [0, 3]


@pytest.mark.parametrize("name", ["facts", "signs", "vectors"])
def test_half_a_row_that_a_crash_left_is_dropped(tmp_path, name):
    vectors = unit_vectors(4)
    write(tmp_path, range(3), vectors[:3])
    os.truncate(tmp_path / name, (tmp_path / name).stat().st_size - 1)
    assert sorted(rows_near(tmp_path, vectors[0])) == [0, 1]
    write(tmp_path, [2], vectors[3:])
    assert rows_near(tmp_path, vectors[3])[0] == 2


@pytest.mark.parametrize("name", ["facts", "signs", "vectors"])
def test_without_one_of_the_files_there_are_no_rows(tmp_path, name):
    write(tmp_path, range(3), unit_vectors(3))
    (tmp_path / name).unlink()
    assert VectorStore(tmp_path).size == 0
    assert rows_near(tmp_path, unit_vectors(1)[0]) == []


def test_filters_leave_rows_out_before_the_nearest_are_taken(tmp_path):
    vectors = unit_vectors(4)
    for row, year in enumerate((1999, 2010, 2020, None)):
        write(tmp_path, [row], vectors[row : row + 1], year=year, grade=Grade.GUIDELINE)
    assert rows_near(tmp_path, vectors[0], Filters(year_from=2010)) != [0]
    assert sorted(rows_near(tmp_path, vectors[0], Filters(year_from=2010, year_to=2020))) == [1, 2]
    assert sorted(rows_near(tmp_path, vectors[0], Filters(grades=(Grade.GUIDELINE,)))) == [0, 1, 2, 3]
    assert rows_near(tmp_path, vectors[0], Filters(grades=(Grade.OTHER,))) == []
