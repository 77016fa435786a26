"""Specialties put together in a temporary folder."""

from pathlib import Path

from clinical.specialties.loading import PACKAGED

WHOLE = """
title = "Sleep medicine"
version = "1"
calculators = ["body-mass-index"]
safety = ["interaction"]

[terms]
decisive = ["sleep clinic"]
strong = ["sleep apnoea", "CPAP", "narcolepsy"]
medicines = ["modafinil"]
weak = ["snoring"]

[codes]
icd10 = ["G47"]

[corpus]
specialties = ["neurology"]
grades = ["guideline"]
"""


def write_specialty(place: Path, name: str = "sleep-medicine", text: str = WHOLE, prompt: str = "") -> Path:
    """Write a specialty's folder; return it."""
    folder = place / name
    folder.mkdir(parents=True)
    (folder / "specialty.toml").write_text(text, encoding="utf-8")
    if prompt:
        (folder / "prompt.md").write_text(prompt, encoding="utf-8")
    return folder


def with_model(name: str, model_id: str, place: Path) -> Path:
    """Write a packaged specialty into a hospital's own folder, with a model of its own; return the folder of all."""
    folder = place / name
    folder.mkdir(parents=True)
    for file in (PACKAGED / name).iterdir():
        text = file.read_text("utf-8")
        (folder / file.name).write_text(f'model = "{model_id}"\n{text}' if file.suffix == ".toml" else text)
    return place
