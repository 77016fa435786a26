"""Between a models file's text and `RegisteredModel`: every field is checked on the way in."""

import re
import tomllib
from pathlib import Path

from clinical.inference.registry.card import CARD_KEYS
from clinical.inference.registry.domain import Adapter, RegisteredModel
from clinical.inference.registry.errors import RegistryInvalid
from clinical.inference.registry.models_file.fields import Fields
from clinical.inference.registry.models_file.folders import Folders
from clinical.inference.templates import TEMPLATES

FORMAT_VERSION = 1
ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
ID_RULE = "must be 1 to 64 of a-z, 0-9, dot, underscore and hyphen, and begin with a letter or digit"
SHA256 = re.compile(r"[0-9a-f]{64}")
SHA256_RULE = "must be a SHA-256: 64 digits 0-9 and a-f, in lower case"
TOKENIZERS = ("gguf", "biogpt")
SHORTEST_CONTEXT, LONGEST_CONTEXT = 64, 1_048_576
LARGEST_SCALE = 16

Written = dict[str, object]


def read_entries(text: str, *, file: Path, folders: Folders) -> list[RegisteredModel]:
    """Return the models that a models file registers. Raises: RegistryInvalid."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RegistryInvalid(file, f"is not TOML: {error}") from error
    fields = Fields(document, file=file)
    fields.whole_number("version", low=FORMAT_VERSION, high=FORMAT_VERSION)
    tables = fields.tables("model")
    fields.finish()
    models = [_read_model(table, position, folders) for position, table in enumerate(tables, start=1)]
    _check_unique([model.id for model in models], "model", file)
    return models


def write_entry(model: RegisteredModel, folders: Folders) -> Written:
    """Return the model as a models file holds it. Raises: ValueError where a file lies in neither folder."""
    entry: Written = {"id": model.id, "name": model.name, "family": model.family}
    entry |= {"file": folders.written(model.file), "sha256": model.sha256}
    for name in ("source", "licence", "quantisation", "context_tokens", "template", "tokenizer"):
        entry[name] = getattr(model, name)
    entry |= {"intended_use": model.intended_use, "specialty": model.specialty}
    if model.adapters:
        entry["adapters"] = [
            {
                "id": each.id,
                "file": folders.written(each.file),
                "sha256": each.sha256,
                "scale": each.scale,
            }
            for each in model.adapters
        ]
    if model.card:
        # In the regulation's order; an unknown key is written too, so that reading refuses it.
        known = {key: model.card[key] for key in CARD_KEYS if key in model.card}
        entry["card"] = {**known, **model.card}
    return entry


def _read_model(table: Fields, position: int, folders: Folders) -> RegisteredModel:
    model_id = table.within(f"entry {position}").matching("id", ID, ID_RULE)
    fields = table.within(f"model {model_id}")
    model = RegisteredModel(
        id=model_id,
        name=fields.text("name"),
        family=fields.text("family"),
        file=_read_path(fields, folders),
        sha256=fields.matching("sha256", SHA256, SHA256_RULE),
        source=fields.text("source"),
        licence=fields.text("licence"),
        quantisation=fields.text("quantisation"),
        context_tokens=fields.whole_number("context_tokens", low=SHORTEST_CONTEXT, high=LONGEST_CONTEXT),
        template=fields.choice("template", TEMPLATES),
        intended_use=fields.text("intended_use"),
        specialty=fields.text("specialty", "general"),
        tokenizer=fields.choice("tokenizer", TOKENIZERS, "gguf"),
        adapters=tuple(_read_adapter(each, model_id, folders) for each in fields.tables("adapters")),
        card=fields.texts("card", CARD_KEYS),
    )
    fields.finish()
    if model.tokenizer == "biogpt" and model.template != "plain":
        raise fields.fault("template", "must be plain for a BioGPT, which continues text and knows no roles")
    if repeated := _repeated([adapter.id for adapter in model.adapters]):
        raise fields.fault("adapters", f"the id {repeated} occurs twice; give each adapter its own")
    return model


def _read_adapter(table: Fields, model_id: str, folders: Folders) -> Adapter:
    fields = table.within(f"model {model_id}, an adapter")
    adapter = Adapter(
        id=fields.matching("id", ID, ID_RULE),
        file=_read_path(fields, folders),
        sha256=fields.matching("sha256", SHA256, SHA256_RULE),
        scale=fields.factor("scale", high=LARGEST_SCALE, default=1.0),
    )
    fields.finish()
    return adapter


def _read_path(fields: Fields, folders: Folders) -> Path:
    written = fields.text("file")
    try:
        return folders.located(written)
    except ValueError as error:
        raise fields.fault("file", str(error)) from error


def _check_unique(ids: list[str], what: str, file: Path) -> None:
    if repeated := _repeated(ids):
        raise RegistryInvalid(
            file, "occurs twice; give each its own id", entry=f"{what} {repeated}", field="id"
        )


def _repeated(ids: list[str]) -> str | None:
    return next((each for each in ids if ids.count(each) > 1), None)
