import gzip

from benchmarks.static_vectors.reading import Abstract, read_abstracts, split, vocabulary

RECORD = """<PubmedArticle><MedlineCitation><PMID>{number}</PMID><Article><ArticleTitle>{title}</ArticleTitle>
<Abstract><AbstractText>{text}</AbstractText></Abstract></Article><MeshHeadingList><MeshHeading>
<DescriptorName>Blood Pressure</DescriptorName></MeshHeading></MeshHeadingList></MedlineCitation></PubmedArticle>"""


def abstracts_of(folder, *texts):
    records = (
        RECORD.format(number=number, title="Aspirin trials", text=text)
        for number, text in enumerate(texts, 1)
    )
    with gzip.open(folder / "pubmed1.xml.gz", "wt", encoding="utf-8") as file:
        file.write(f"<PubmedArticleSet>{''.join(records)}</PubmedArticleSet>")
    return read_abstracts(folder)


def test_an_article_is_read_as_stems_sentence_by_sentence(tmp_path):
    [abstract], _ = abstracts_of(tmp_path, "Aspirin helped patients. Nobody died.")

    assert len(abstract.title) == 2
    assert len(abstract.headings) == 2
    assert [len(sentence) for sentence in abstract.sentences] == [3, 2]
    assert abstract.without(0) == abstract.title + abstract.sentences[1]


def test_articles_without_an_abstract_are_left_out(tmp_path):
    abstracts, _ = abstracts_of(tmp_path, "", "Aspirin helped.")

    assert len(abstracts) == 1


def test_a_stem_stands_for_its_commonest_word(tmp_path):
    [abstract], words = abstracts_of(tmp_path, "Patients helped. Patients rested. One patient died.")

    assert words[abstract.sentences[0][0]] == "Patients"


def test_nothing_is_both_trained_on_and_held_out_and_the_same_seed_holds_out_the_same():
    abstracts = [Abstract([str(number)], [], []) for number in range(20)]

    trained_on, held_out = split(abstracts, 5, seed=7)

    assert sorted(int(each.title[0]) for each in trained_on + held_out) == list(range(20))
    assert len(held_out) == 5
    assert split(abstracts, 5, seed=7) == (trained_on, held_out)
    assert split(abstracts, 5, seed=8) != (trained_on, held_out)


def test_a_stem_of_too_few_abstracts_has_no_vector():
    abstracts = [Abstract(["b", "b"], ["c"], [["a"]]), Abstract(["a"], ["c"], [["d"]])]

    assert vocabulary(abstracts, 2) == {"a": 2, "c": 2}
