"""Tiny invented data sets, in the forms that people keep them in."""

import json
from collections.abc import Iterable
from pathlib import Path

DOCUMENTS = (
    {
        "_id": "d1",
        "title": "Beta blockers after infarction",
        "text": "Metoprolol reduced mortality after myocardial infarction. Bleeding was not more frequent.",
    },
    {
        "_id": "d2",
        "title": "Vitamin D and falls",
        "text": "Vitamin D did not prevent falls in older women. Calcium was given to both groups of women.",
    },
    {
        "_id": "d3",
        "title": "Statins in the old",
        "text": "Atorvastatin lowered cholesterol in men over eighty. Muscle pain was rare among the men.",
    },
)
QUERIES = (
    {"_id": "q1", "text": "Does metoprolol reduce mortality after infarction?"},
    {"_id": "q2", "text": "atorvastatin cholesterol"},
    {"_id": "q3", "text": "metoprolol bleeding"},
)
QRELS = (("q1", "d1", 1), ("q1", "d2", 0), ("q2", "d3", 2), ("q3", "d1", 0), ("unknown", "d1", 1))


def write_lines(file: Path, rows: Iterable[object]) -> Path:
    """Write the rows as JSON Lines; return the file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


def write_beir(folder: Path) -> Path:
    """Write a BEIR folder; return it."""
    write_lines(folder / "corpus.jsonl", DOCUMENTS)
    write_lines(folder / "queries.jsonl", QUERIES)
    judged = "".join(f"{query}\t{document}\t{score}\n" for query, document, score in QRELS)
    (folder / "qrels.tsv").write_text(f"query-id\tcorpus-id\tscore\n{judged}")
    return folder


CLAIM_CORPUS = (
    {
        "_id": "10",
        "title": "Metoprolol after myocardial infarction",
        "text": "",
        "sentences": [
            "We followed 400 patients after myocardial infarction.",
            "Metoprolol reduced mortality after myocardial infarction.",
            "Bleeding was not more frequent with metoprolol than with placebo.",
        ],
    },
    {
        "_id": "11",
        "title": "Vitamin D",
        "text": "",
        "sentences": ["Vitamin D did not prevent falls in women."],
    },
)
CLAIMS = (
    {
        "_id": "1",
        "claim": "Metoprolol reduced mortality after myocardial infarction.",
        "cited": ["10"],
        "evidence": [{"doc_id": "10", "label": "SUPPORT", "sentences": [1]}],
    },
    {
        "_id": "2",
        "claim": "Metoprolol increased mortality after myocardial infarction.",
        "cited": ["10"],
        "evidence": [{"doc_id": "10", "label": "CONTRADICT", "sentences": [1]}],
    },
    {"_id": "3", "claim": "Insulin cures the common cold.", "cited": ["11"], "evidence": []},
)
TRIALS = (
    {
        "_id": "1",
        "pmcid": "PMC1",
        "title": "A trial of drug A",
        "abstract": "Pain was significantly lower with drug A than with placebo (p < 0.001).",
        "intervention": "drug A",
        "comparator": "placebo",
        "outcome": "pain",
        "label": "significantly decreased",
        "evidence": ["Pain was significantly lower with drug A than with placebo (p < 0.001)."],
    },
    {
        "_id": "2",
        "pmcid": "PMC2",
        "title": "A trial of drug B",
        "abstract": "Nausea did not differ significantly between drug B and placebo (p = 0.7).",
        "intervention": "drug B",
        "comparator": "placebo",
        "outcome": "nausea",
        "label": "no significant difference",
        "evidence": ["Nausea did not differ significantly between drug B and placebo (p = 0.7)."],
    },
)
QUESTIONS = (
    {
        "_id": "21",
        "question": "Does metoprolol reduce mortality after infarction?",
        "contexts": [
            "We studied metoprolol after myocardial infarction.",
            "Mortality was significantly lower with metoprolol than with placebo after infarction.",
        ],
        "labels": ["BACKGROUND", "RESULTS"],
        "long_answer": "The long answer says zebras.",
        "answer": "yes",
    },
    {
        "_id": "22",
        "question": "Does vitamin D prevent falls?",
        "contexts": ["Falls did not differ between women with and without vitamin D supplements (p = 0.8)."],
        "labels": ["RESULTS"],
        "long_answer": "It does not.",
        "answer": "no",
    },
)
ROUTED = (
    {"question": "Rate control in atrial fibrillation?", "labels": ["cardiology"], "half": "tuning"},
    {"question": "Which inhaler?", "labels": ["paediatrics"], "half": "held-out", "chart": {"age_years": 6}},
)

VIGNETTES = [
    {"id": "a", "medicines": ["Warfarin 3 mg"], "proposed": ["Ibuprofen"], "expected": ["interaction"]},
    {"id": "b", "medicines": ["Metformin 1 g"], "egfr": 60, "expected": ["kidney"]},
    {
        "id": "c",
        "medicines": ["Warfarin 3 mg", "Naproxen 500 mg"],
        "expected": [],
        "unexpected": ["interaction"],
    },
]
CHOICES = (
    {
        "question": "What is given first in anaphylaxis?",
        "options": {"A": "Adrenaline", "B": "Atropine", "C": "Insulin", "D": "Heparin"},
        "answer": "Adrenaline",
        "answer_idx": "A",
        "meta_info": "step1",
    },
    {
        "question": "What is given in ketoacidosis?",
        "options": {"A": "Adrenaline", "B": "Atropine", "C": "Insulin", "D": "Heparin"},
        "answer": "Insulin",
        "answer_idx": "C",
        "meta_info": "step2",
    },
)

MEDCALC = (
    {
        "_id": "1",
        "calculator": "Mean Arterial Pressure (MAP)",
        "output_type": "decimal",
        "question": "What is the mean arterial pressure?",
        "note": "His blood pressure was 120/80 mmHg.",
        "entities": {
            "Systolic Blood Pressure": [120.0, "mm Hg"],
            "Diastolic Blood Pressure": [80.0, "mm hg"],
        },
        "answer": "93.333",
        "lower": "88.666",
        "upper": "98",
        "audited_answer": "93.33",
    },
    # The auditors have our answer, the original has none that is right.
    {
        "_id": "2",
        "calculator": "Child-Pugh Score for Cirrhosis Mortality",
        "output_type": "integer",
        "question": "What is the Child-Pugh score?",
        "note": "Slight ascites, alert. Bilirubin was 2.5 mg/dL, albumin 3.0 g/dL, INR 1.8.",
        "entities": {
            "Bilirubin": [2.5, "mg/dL"],
            "Albumin": [3.0, "g/dL"],
            "international normalized ratio": 1.8,
            "Ascites": "Slight",
        },
        "answer": "6",
        "lower": "6",
        "upper": "6",
        "audited_answer": "9",
    },
    # Nobody can know: the weight was lost.
    {
        "_id": "3",
        "calculator": "Maintenance Fluids Calculations",
        "output_type": "decimal",
        "question": "What is the maintenance fluid?",
        "note": "She had lost 4 kg in weight.",
        "entities": {"weight": [4.0, "kg"]},
        "answer": "16",
        "lower": "15.2",
        "upper": "16.8",
        "audited_answer": "N/A",
    },
    {
        "_id": "4",
        "calculator": "Phase of the Moon",
        "output_type": "integer",
        "question": "Which?",
        "note": "Full.",
        "entities": {"night": True},
        "answer": "1",
        "lower": "1",
        "upper": "1",
        "audited_answer": None,
    },
)
