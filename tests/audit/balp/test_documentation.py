"""docs/audit-events.md says what the tables say."""

import re
from pathlib import Path

from audit.balp.actions import ACTIONS
from audit.balp.context import Context
from audit.balp.kinds import AI_ANSWER_PROFILE, BREAK_GLASS_PROFILE, IHE, Kind
from audit.domain import DETAIL_KEYS

DOCUMENT = (Path(__file__).parents[3] / "docs" / "audit-events.md").read_text(encoding="utf-8")


def row(action: str, kind: Kind) -> str:
    subtypes = kind.interactions or tuple(f"{each.code} {each.display}" for each in kind.subtypes)
    profile = kind.profile.removeprefix(IHE).removeprefix("urn:tacit:profile:")
    cells = (
        f"`{action}`",
        f"{kind.type.code} {kind.type.display}",
        ", ".join(subtypes) or "-",
        kind.action,
        profile or "-",
    )
    return f"| {' | '.join(cells)} |"


def test_the_table_of_actions_is_the_code_s() -> None:
    told = re.findall(r"^\| `[a-z-]+` \| (?:rest|\d{6}) .*$", DOCUMENT, re.M)
    expected = [row(action, kind) for action, kind in ACTIONS.items()]
    assert told == expected, "The table of docs/audit-events.md should be:\n" + "\n".join(expected)


def test_every_detail_and_every_field_of_a_context_is_explained() -> None:
    for name in (*DETAIL_KEYS, *Context.__dataclass_fields__):
        assert f"`{name}`" in DOCUMENT, name


def test_our_profiles_are_explained() -> None:
    assert f"`{AI_ANSWER_PROFILE}`" in DOCUMENT
    assert f"`{BREAK_GLASS_PROFILE}`" in DOCUMENT
