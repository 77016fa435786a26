"""What was committed survives whatever ends a writer, and the index opens again."""

import multiprocessing
import os
import resource
import shutil
import signal
from dataclasses import replace
from secrets import token_hex

import pytest

from clinical.evidence import rows
from clinical.evidence.domain import Retraction
from clinical.evidence.errors import IndexNotWritten
from clinical.evidence.hybrid import HybridSearch
from clinical.evidence.index import EvidenceIndex, EvidenceWriter
from clinical.evidence.vectors.store import count_rows
from tests.clinical.evidence.corpus import fill, make_article

TOPICS = ("gout", "asthma", "measles", "sepsis", "stroke", "anemia", "eczema", "psoriasis")


def article(number, text="is common in children"):
    return make_article(f"{TOPICS[number % len(TOPICS)]} {text} of kind {number}.", id=f"pmid:{number}")


def ids(folder, question="gout asthma measles in children", limit=100):
    return [hit.source.id for hit in HybridSearch(folder).search(question, limit=limit)]


def in_another_process(target, *arguments):
    process = multiprocessing.get_context("spawn").Process(target=target, args=arguments)
    process.start()
    process.join(60)
    return process.exitcode


def _die_after_the_vectors(folder):
    with EvidenceWriter(folder) as writer:
        for number in (1, 2):
            writer.add(article(number))
        writer._write_waiting()
        writer._vectors.sync()
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_kill_between_vectors_and_words_loses_only_what_was_not_committed(tmp_path):
    fill(tmp_path, article(0))
    assert in_another_process(_die_after_the_vectors, tmp_path) == -signal.SIGKILL
    assert count_rows(tmp_path / "vectors") == 3
    assert ids(tmp_path) == ["pmid:0"]
    fill(tmp_path, article(2))
    assert set(ids(tmp_path)) == {"pmid:0", "pmid:2"}
    assert ids(tmp_path, "measles")[0] == "pmid:2"


def _die_while_adding(folder):
    with EvidenceWriter(folder) as writer:
        for number in range(100_000):
            writer.add(article(number))
            if number % 500 == 499:
                writer.commit()
            if number == 1_700:
                os.kill(os.getpid(), signal.SIGKILL)


def test_a_kill_while_adding_keeps_every_commit(tmp_path):
    assert in_another_process(_die_while_adding, tmp_path) == -signal.SIGKILL
    index = EvidenceIndex(tmp_path)
    assert index.size == 1_500
    assert index.read("pmid:1499") == article(1_499)
    assert len(ids(tmp_path)) == 100


def _write_more_than_fits(folder, reason, retraction):
    # A limit on the size of files is met as a full disk is: the write fails.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
    try:
        with EvidenceWriter(folder) as writer:
            for number in range(3_000):
                writer.add(replace(article(number, text=token_hex(1_000)), retraction=retraction))
            writer.commit()
    except IndexNotWritten as error:
        reason.write_text(str(error))


# A retracted article has no vectors: of such it is the words' index that meets the full disk.
@pytest.mark.parametrize("retraction", Retraction)
def test_a_full_disk_is_told_and_what_was_committed_stands(tmp_path, retraction):
    fill(tmp_path, article(0))
    assert in_another_process(_write_more_than_fits, tmp_path, tmp_path / "reason", retraction) == 0
    assert "make room on the disk" in (tmp_path / "reason").read_text()
    assert ids(tmp_path) == ["pmid:0"]
    fill(tmp_path, article(1))
    assert set(ids(tmp_path)) == {"pmid:0", "pmid:1"}


@pytest.mark.parametrize("harm", [shutil.rmtree, lambda folder: os.truncate(folder / "signs", 77)])
def test_vectors_that_were_lost_are_written_again(tmp_path, harm):
    fill(tmp_path, *map(article, range(40)))
    before = HybridSearch(tmp_path).search("asthma in children", limit=40)
    harm(tmp_path / "vectors")
    assert {hit.source.id for hit in HybridSearch(tmp_path).search("asthma", limit=40)} <= {
        *map("pmid:{}".format, range(40))
    }
    fill(tmp_path)
    assert HybridSearch(tmp_path).search("asthma in children", limit=40) == before


def test_rows_of_sources_that_were_replaced_are_used_again_when_they_are_many(tmp_path, monkeypatch):
    monkeypatch.setattr(rows, "_FEW", 10)
    for _ in range(8):
        fill(tmp_path, *map(article, range(40)))
    assert count_rows(tmp_path / "vectors") <= 3 * 40
    assert len(ids(tmp_path)) == 40
    assert ids(tmp_path, "asthma kind 1")[0] == "pmid:1"


def test_a_source_is_deleted_though_it_was_added_a_moment_ago(tmp_path):
    with EvidenceWriter(tmp_path) as writer:
        writer.add(article(0))
        writer.delete("pmid:0")
        writer.add(article(1))
        writer.delete_all("article")
        writer.add(article(2))
        writer.commit()
    assert ids(tmp_path) == ["pmid:2"]


def test_of_two_versions_in_one_commit_the_later_stands(tmp_path):
    fill(tmp_path, article(0, "was rare"), article(1), article(0, "is common"))
    assert EvidenceIndex(tmp_path).read("pmid:0") == article(0, "is common")
    assert sorted(ids(tmp_path)) == ["pmid:0", "pmid:1"]
