"""One analysis for all: a vocabulary that remembers gives the lines that a question is read by."""

from hypothesis import given
from hypothesis import strategies as st

from clinical.evidence.relevance import words
from clinical.evidence.relevance.words import Vocabulary, stem_line, stem_lines, stems

VOCABULARY = Vocabulary()
SAID = st.text() | st.lists(
    st.sampled_from(
        "Haemorrhages tumour's behaviour_colour β-blockers œdema 5mg/l don't A1C ﬁbre İ ǆ x́y ߋ".split()
    )
).map(" ".join)


@given(SAID)
def test_a_vocabulary_gives_the_same_line_each_time(text):
    assert VOCABULARY.line(text) == stem_line(text) == VOCABULARY.line(text)


@given(st.lists(SAID))
def test_many_lines_at_once_are_the_lines_one_by_one(texts):
    assert [line.split() for line in stem_lines(texts)] == list(map(stems, texts))


def test_two_spellings_are_one_stem():
    assert stems("Haemorrhage behaviour anaemia") == stems("hemorrhage behavior anemia")


def test_a_full_vocabulary_starts_again(monkeypatch):
    monkeypatch.setattr(words, "_MOST_WORDS", 3)
    vocabulary = Vocabulary()
    text = "gout asthma measles sepsis stroke"
    assert vocabulary.line(text) == vocabulary.line(text) == stem_line(text)
