"""The models that may run here: those that come with the product, and the hospital's own."""

from pathlib import Path

from clinical.inference.registry.domain import RegisteredModel
from clinical.inference.registry.errors import (
    ModelAlreadyRegistered,
    ModelNotRegistered,
    ModelPackaged,
    RegistryInvalid,
)
from clinical.inference.registry.models_file.entries import read_entries, write_entry
from clinical.inference.registry.models_file.folders import Folders
from clinical.inference.registry.models_file.own_file import (
    one_writer,
    read_own_file,
    replace_own_file,
    with_entry,
    without_entry,
)

PACKAGED_FILE = Path(__file__).with_name("models.toml")
OWN_FILE_NAME = "models.toml"


class Registry:
    """Every registered model by id. Made with `load`; an entry that is not whole and sound fails all of it."""

    def __init__(self, packaged: list[RegisteredModel], *, own_file: Path, folders: Folders) -> None:
        self._packaged = {model.id: model for model in packaged}
        self._own: dict[str, RegisteredModel] = {}
        self.own_file, self.folders = own_file, folders

    @classmethod
    def load(
        cls,
        *,
        content_folder: Path,
        models_folder: Path,
        packaged: Path = PACKAGED_FILE,
        own: Path | None = None,
    ) -> "Registry":
        """Return what both files register; `own` is by default `models.toml` in the models folder, and may be absent.

        Raises: RegistryInvalid.
        """
        folders = Folders(content=content_folder.resolve(), models=models_folder.resolve())
        shipped = read_entries(packaged.read_text(encoding="utf-8"), file=packaged, folders=folders)
        registry = cls(shipped, own_file=own or folders.models / OWN_FILE_NAME, folders=folders)
        registry._reread()
        return registry

    @property
    def models(self) -> tuple[RegisteredModel, ...]:
        """The models: those that come with the product first, then the hospital's own in their order."""
        return (*self._packaged.values(), *self._own.values())

    def is_packaged(self, model_id: str) -> bool:
        """Whether the model comes with the product."""
        return model_id in self._packaged

    def find(self, model_id: str) -> RegisteredModel:
        """Return the model with this id. Raises: ModelNotRegistered."""
        found = self._packaged.get(model_id) or self._own.get(model_id)
        if found is None:
            known = ", ".join(model.id for model in self.models) or "none"
            raise ModelNotRegistered(
                f"No model is registered as {model_id[:80]!r}. Registered: {known}. "
                "Register a file with `manage.py models add`"
            )
        return found

    def check_free(self, model_id: str) -> None:
        """Raise ModelAlreadyRegistered where an entry has this id."""
        if any(model.id == model_id for model in self.models):
            raise ModelAlreadyRegistered(
                f"{model_id} is registered already. Choose another id, or remove the entry first: "
                f"`manage.py models remove {model_id}`"
            )

    def check_addable(self, model: RegisteredModel) -> None:
        """Raise what `add` would raise for this model, and write nothing."""
        self.check_free(model.id)
        self._read(self._with(model, read_own_file(self.own_file)))

    def add(self, model: RegisteredModel) -> None:
        """Write the model into the hospital's own file. Its weights are not read: `verify_model` does that.

        Raises: ModelAlreadyRegistered, RegistryInvalid.
        """
        with one_writer(self.own_file):
            text = self._reread()
            self.check_free(model.id)
            self._replace(self._with(model, text))

    def remove(self, model_id: str) -> RegisteredModel:
        """Take the model out of the hospital's own file and return it; its weights stay where they are.

        Raises: ModelNotRegistered, ModelPackaged, RegistryInvalid.
        """
        with one_writer(self.own_file):
            text = self._reread()
            model = self.find(model_id)
            if self.is_packaged(model_id):
                raise ModelPackaged(
                    f"{model_id} comes with the product and cannot be removed. Name another model in TACIT_MODEL"
                )
            self._replace(without_entry(text, model_id))
        return model

    def _with(self, model: RegisteredModel, text: str) -> str:
        try:
            return with_entry(text, write_entry(model, self.folders))
        except ValueError as error:
            raise RegistryInvalid(
                self.own_file, str(error), entry=f"model {model.id}", field="file"
            ) from error

    def _reread(self) -> str:
        """Return the own file's text as it is now: another process may have written since."""
        text = read_own_file(self.own_file)
        self._own = self._read(text)
        return text

    def _replace(self, text: str) -> None:
        """Write only what can be read again."""
        self._own = self._read(text)
        replace_own_file(self.own_file, text)

    def _read(self, text: str) -> dict[str, RegisteredModel]:
        models = read_entries(text, file=self.own_file, folders=self.folders)
        if taken := next((model.id for model in models if model.id in self._packaged), None):
            raise RegistryInvalid(
                self.own_file,
                "is the id of a model that comes with the product, which cannot be redefined; choose another",
                entry=f"model {taken}",
                field="id",
            )
        return {model.id: model for model in models}
