"""The documents name only what exists: `python -m tests.check_docs` lists what does not, with exit code 1."""

import re
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KNOWN_ENDINGS = set(".cmake .css .html .in .js .md .py .svg .toml .txt .xml".split())
# Made on a machine, so not in a checkout.
MADE_LATER = ("var/", ".venv/")

FENCE = re.compile(r"^```.*?^```", re.M | re.S)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")
MAKE = re.compile(r"\bmake +([a-z][a-z-]*)")
COMMAND = re.compile(r"\bmanage\.py +([a-z_]+)")
TARGET = re.compile(r"^([a-z][a-z-]*):", re.M)
VARIABLE = re.compile(r"^([A-Z][A-Z_]+)=", re.M)
PROBLEM = re.compile(r"Problem\(\s*\d{3},\s*\"([a-z-]+)\"")
COMMAND_FOLDERS = ("django/core", "django/contrib/*", "drf_spectacular")


def main() -> int:
    """Print every fault; return 1 where there is one."""
    faults = [fault for document in documents() for fault in faults_of(document)]
    faults += [f".env.example: {name} is in no document" for name in undocumented_variables()]
    faults += [f"docs/api.md: the problem {code} is missing" for code in undocumented_problems()]
    sys.stderr.writelines(f"{fault}\n" for fault in faults)
    return 1 if faults else 0


def documents() -> list[Path]:
    """Return the documents, those that must exist included where they do not."""
    return [
        *(ROOT / name for name in ("README.md", "SECURITY.md", "CHANGELOG.md")),
        *ROOT.glob("docs/**/*.md"),
    ]


def faults_of(document: Path) -> Iterator[str]:
    """Yield what the document names and the repository does not hold."""
    name = document.relative_to(ROOT)
    if not document.is_file():
        yield f"{name}: is missing"
        return
    text = text_of(document)
    prose = FENCE.sub("", text)
    spans = SPAN.findall(prose)
    code = "\n".join([*FENCE.findall(text), *spans])
    yield from (f"{name}: the link {link} leads nowhere" for link in dead_links(document, prose))
    yield from (f"{name}: {span} does not exist" for span in spans if is_path(span) and not exists(span))
    yield from (f"{name}: make {each} is no target" for each in set(MAKE.findall(code)) - targets())
    yield from (f"{name}: manage.py {each} is no command" for each in set(COMMAND.findall(code)) - commands())


def dead_links(document: Path, prose: str) -> Iterator[str]:
    """Yield the relative links to files that are not there."""
    for link in LINK.findall(prose):
        if "://" not in link and not link.startswith("mailto:") and not (document.parent / link).exists():
            yield link


def is_path(span: str) -> bool:
    """Whether the code span names a place in the repository: `folder/file.py`, also with `::name`."""
    path = span.partition("::")[0]
    if "/" not in path or path.startswith(("/", *MADE_LATER)) or not re.fullmatch(r"[\w./*-]+", path):
        return False
    return Path(path).suffix in KNOWN_ENDINGS or (ROOT / path.partition("/")[0]).is_dir()


def exists(span: str) -> bool:
    """Whether the file or folder is there (or anything like it, with `*`) and defines the name."""
    path, _, name = span.partition("::")
    found = list(ROOT.glob(path)) if "*" in path else [ROOT / path] * (ROOT / path).exists()
    return bool(found) and (not name or defines(found[0], name))


def defines(file: Path, name: str) -> bool:
    """Whether the file has a function, class or constant of that name."""
    definition = rf"^\s*(?:(?:async )?def|class) {re.escape(name)}\b|^{re.escape(name)}\b.*="
    return re.search(definition, text_of(file), re.M) is not None


def targets() -> set[str]:
    """Return the Makefile's targets."""
    return set(TARGET.findall(text_of("Makefile")))


def commands() -> set[str]:
    """Return the commands that manage.py knows: ours, Django's and the OpenAPI writer's."""
    packages = Path(sysconfig.get_path("purelib"))
    theirs = [
        file for folder in COMMAND_FOLDERS for file in packages.glob(f"{folder}/management/commands/*.py")
    ]
    return {file.stem for file in [*theirs, *ROOT.glob("config/management/commands/*.py")]} | {"help"}


def text_of(*files: str | Path) -> str:
    """Return the files' text, one after the other; a file that is not there has none."""
    return "".join((ROOT / file).read_text(encoding="utf-8") for file in files if (ROOT / file).is_file())


def undocumented_variables() -> list[str]:
    """Return the variables of .env.example that no document explains."""
    told, names = text_of(*documents()), VARIABLE.findall(text_of(".env.example"))
    return [name for name in names if not re.search(rf"\b{name}\b", told)]


def undocumented_problems() -> list[str]:
    """Return the problem codes of the code that the API's table lacks."""
    told, code = text_of("docs/api.md"), text_of("clinical/problems.py", "clinical/web/errors.py")
    return sorted(each for each in set(PROBLEM.findall(code)) if f"`{each}`" not in told)


if __name__ == "__main__":
    sys.exit(main())
