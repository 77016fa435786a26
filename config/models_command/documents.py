"""Registry entries as JSON."""

from clinical.inference.registry.domain import RegisteredModel
from clinical.inference.registry.registry import Registry
from clinical.inference.registry.verification import is_present


def model_document(model: RegisteredModel, registry: Registry, *, active_id: str) -> dict[str, object]:
    """Return the entry, whether its files are present, and whether it is the active one."""
    return {
        "id": model.id,
        "name": model.name,
        "family": model.family,
        "quantisation": model.quantisation,
        "licence": model.licence,
        "source": model.source,
        "file": str(model.file),
        "sha256": model.sha256,
        "fingerprint": model.fingerprint,
        "size_bytes": model.file.stat().st_size if model.file.is_file() else None,
        "context_tokens": model.context_tokens,
        "template": model.template,
        "tokenizer": model.tokenizer,
        "intended_use": model.intended_use,
        "specialty": model.specialty,
        "adapters": [
            {"id": each.id, "file": str(each.file), "sha256": each.sha256, "scale": each.scale}
            for each in model.adapters
        ],
        "is_present": is_present(model),
        "is_active": model.id == active_id,
        "is_packaged": registry.is_packaged(model.id),
    }
