from clinical.evidence.checking.pairs import Pair, claim_pair, closing, fingerprint, question_pair, trial_pair


def test_a_claim_stands_first_and_its_evidence_opens_the_second_text():
    pair = claim_pair("Drug A lowers\n pain.", "Pain fell.", title="Drug A: a trial.", label="RESULTS:")

    assert pair == Pair("Drug A lowers pain.", "results: Pain fell. / Drug A: a trial")


def test_title_and_label_may_be_missing():
    assert claim_pair("Claim.", "Sentence.") == Pair("Claim.", "Sentence.")


def test_long_titles_and_labels_are_cut_to_whole_words():
    pair = claim_pair(
        "Claim.", "Sentence.", title=" ".join(["word"] * 40), label="MAIN OUTCOME MEASURES AND OTHERS"
    )

    assert pair.second == "main outcome measures and: Sentence. / " + " ".join(["word"] * 24)


def test_a_comparison_is_asked_outcome_first():
    pair = trial_pair(
        intervention="drug A", comparator="placebo", outcome="pain", text="Pain was lower with drug A."
    )

    assert pair == Pair("pain / drug A / placebo", "Pain was lower with drug A.")


def test_a_question_is_asked_of_several_sentences():
    assert question_pair("Does it help?", "It helped.  It did.") == Pair(
        "Does it help?", "It helped. It did."
    )


def test_the_closing_sentences_are_the_last_that_fit():
    sentences = ["one two three", "four five", "six seven"]

    assert closing(sentences, words=4) == "four five six seven"
    assert closing(sentences, words=100) == "one two three four five six seven"


def test_a_last_sentence_that_is_too_long_is_kept_all_the_same():
    assert closing(["one", "two three four"], words=2) == "two three four"


def test_no_sentences_close_with_nothing():
    assert closing([]) == ""


def test_a_fingerprint_does_not_depend_on_case_or_white_space():
    assert fingerprint("Aspirin  Works ") == fingerprint("aspirin works")
    assert fingerprint("aspirin works") != fingerprint("aspirin fails")
    assert len(fingerprint("aspirin works")) == 16
