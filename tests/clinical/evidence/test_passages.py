"""Passages are exact pieces of their source, each with the headings that it may not be read without."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.evidence.domain import Source
from clinical.evidence.passages import split_passages
from clinical.evidence.readers import read
from tests.clinical.evidence.corpus import ARTICLES, GUIDELINES, make_article, make_guideline

ARTICLE_BY_ID = {each.id: each for each in read(ARTICLES, corpus="pubmed") if isinstance(each, Source)}
ANTICOAGULATION = next(
    each for each in read(GUIDELINES / "registry.json", corpus="guidelines") if isinstance(each, Source)
)
CONTEXT_BY_QUOTE = {each.quote: each.context for each in split_passages(ANTICOAGULATION)}


def quotes(source: Source) -> list[str]:
    return [passage.quote for passage in split_passages(source)]


def test_an_abstract_is_cut_into_sentences_under_their_labels():
    found = [(each.context, each.quote) for each in split_passages(ARTICLE_BY_ID["pmid:101"])]
    assert found[-3:] == [
        (("RESULTS",), "Pain fell by 3.5 points with tamoridine vs. 2.1 points with colchicine (p = .03)."),
        (("RESULTS",), "CO2 did not change in either group."),
        (("CONCLUSIONS",), "Tamoridine relieved acute gout flares better than colchicine."),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Doses were given orally, i.e. by mouth, in all the groups.",
        "The results of Smith et al. Were not repeated in this cohort.",
        "As Fig. 2 shows, the response was greater in older adults.",
        "Growth of S. Typhi was not seen in any of the samples taken.",
        "The risk was 0.5 per cent and the effect size (P < .001) large.",
    ],
)
def test_an_abbreviation_does_not_end_a_sentence(sentence):
    assert quotes(make_article(f"{sentence} Nothing else was measured here.")) == [
        sentence,
        "Nothing else was measured here.",
    ]


def test_a_letter_that_names_something_may_end_a_sentence():
    text = "All patients had chronic hepatitis C. Treatment cured nine of every ten patients."
    assert quotes(make_article(text)) == text.replace("C. ", "C.|").split("|")


def test_a_sentence_that_leans_on_the_one_before_is_quoted_with_it():
    text = "Bleeding scores should not be used alone. They poorly separate those who will bleed."
    assert quotes(make_article(text)) == [text]


def test_labels_inside_an_abstract_of_one_piece_are_context_too():
    text = "Methods: We treated ninety adults with gout. Conclusion: The drug worked well in most adults."
    assert [(each.context, each.quote) for each in split_passages(make_article(text))] == [
        (("Methods",), "We treated ninety adults with gout."),
        (("Conclusion",), "The drug worked well in most adults."),
    ]


def test_registration_funding_and_the_publishers_remarks_are_not_quoted():
    text = (
        "CONCLUSIONS: The drug relieved pain in most adults. This article is protected by copyright law.\n"
        "TRIAL REGISTRATION: The trial was registered before it began."
    )
    assert quotes(make_article(text)) == ["The drug relieved pain in most adults."]


def test_a_bullet_stands_under_its_headings_and_its_lead_in():
    men = "CHA2DS2-VASc >= 2: Anticoagulation is recommended (Class I)."
    women = "CHA2DS2-VASc >= 3: Anticoagulation is recommended (Class I)."
    over = ("Stroke Risk", "Recommendations for Oral Anticoagulation")
    assert CONTEXT_BY_QUOTE[men] == (*over, "Men")
    assert CONTEXT_BY_QUOTE[women] == (*over, "Women")


def test_a_lead_in_ends_with_its_section():
    quote = "Direct oral anticoagulants are recommended over warfarin in eligible patients with AF (Class I)."
    assert CONTEXT_BY_QUOTE[quote] == ("Stroke Risk", "Choice of Anticoagulant")


def test_a_short_bullet_is_one_piece_with_what_is_nested_under_it():
    [quote] = [each for each in CONTEXT_BY_QUOTE if each.startswith("**Apixaban:**")]
    assert quote.endswith("2.5 mg twice daily with two of age, weight and creatinine criteria.")


def test_under_a_long_bullet_each_nested_bullet_is_a_piece_with_the_parent_as_context():
    nested = [f"Option {number} is recommended when {'certain ' * 20}conditions hold" for number in range(4)]
    text = "- **Regimens** for adults\n" + "".join(f"  - {each}\n" for each in nested)
    assert [(each.quote, each.context) for each in split_passages(make_guideline(text))] == [
        (each, ("Regimens for adults",)) for each in nested
    ]


def test_a_lead_in_that_says_something_is_quoted_with_its_short_list():
    whole = (
        "The following should be done before anticoagulation starts:\n\n"
        "1. Measure the creatinine.\n2. Measure the haemoglobin."
    )
    assert CONTEXT_BY_QUOTE[whole] == ("Stroke Risk", "Choice of Anticoagulant")


def test_a_table_row_stands_under_its_header_row():
    quote = "**Apixaban** | Reduce to 2.5 mg twice daily below 15 mL/min"
    assert CONTEXT_BY_QUOTE[quote][-1] == "Drug | Dose in CKD"


def test_code_calculators_references_headings_and_rules_are_never_quoted():
    said = " ".join(CONTEXT_BY_QUOTE)
    for absent in ("at once", "calculate_", "Somebody", "Invented Society", "---"):
        assert absent not in said


@pytest.mark.parametrize("source_id", ["pmid:102", "pmid:103", "pmid:104"])
def test_the_retracted_the_notice_and_the_empty_have_no_passages(source_id):
    assert split_passages(ARTICLE_BY_ID[source_id]) == ()


LINES = st.lists(
    st.one_of(
        st.text(max_size=60),
        st.sampled_from(
            ["# Head", "## Part:", "**Men:**", "- one thing is recommended here", "  - nested thing is done here",
             "1. first thing to do is this", "| a | b |", "|---|---|", "| cell of one | cell of another one |",
             "```", "---", "> a remark that says something here", "RESULTS: It fell. They rose again then.", "",
             "Some words are said here. These lean on the words before.\r", "References", "text that leads to:"]
        ),
    ),
    max_size=30,
)  # fmt: skip


@given(lines=LINES, make=st.sampled_from([make_article, make_guideline]))
def test_passages_are_trimmed_pieces_of_their_text_in_order_and_without_overlap(lines, make):
    source = make("\n".join(lines))
    end = 0
    for passage in split_passages(source):
        assert end <= passage.start < passage.end <= len(source.text)
        assert passage.quote == passage.quote.strip()
        assert all(heading and "**" not in heading and "\n" not in heading for heading in passage.context)
        end = passage.end


@given(text=st.text())
def test_no_quote_of_an_abstract_crosses_into_another_section(text):
    assert not any("\n" in quote for quote in quotes(make_article(text)))


ODD = ["a. ", "e.g. ", ".", "(", "- ", "  - x\n", "|", "# ", "**", "A: ", "1. ", "\n", " ", "`", "Yes. (", "> ",
       ")]\"'", "| a |\n", "x:\n- y\n", "A. B. ", "    ", "\t- ", "These. ", "\n\n- a\n\n  b\n"]  # fmt: skip


@pytest.mark.parametrize("piece", ODD)
@pytest.mark.parametrize("make", [make_article, make_guideline])
def test_200_kb_of_odd_text_takes_no_longer_than_its_length_warrants(piece, make):
    source = make(piece * (200_000 // len(piece)) + " end of the whole odd text")
    started = time.process_time()
    split_passages(source)
    assert time.process_time() - started < 3
