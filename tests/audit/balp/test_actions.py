"""Every act that the product records has its kind of AuditEvent."""

import ast
from pathlib import Path

import pytest

from audit.balp.actions import ACTIONS, kind_of
from audit.balp.details import INTEGERS, LISTS
from audit.balp.errors import UnknownAction
from audit.balp.kinds import RECORD_EXPORTED, RECORD_READ
from audit.domain import DETAIL_KEYS, Event, Outcome
from compliance.access.domain import Action
from tests.audit.balp.acts import event

ROOT = Path(__file__).parents[3]
ROOMS = ("config", "clinical", "ehr_integration", "compliance", "audit")


def recorded_actions() -> set[str]:
    """The actions that the code writes out where it makes an event."""
    return {
        str(keyword.value.value)
        for room in ROOMS
        for file in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Event"
        for keyword in node.keywords
        if keyword.arg == "action" and isinstance(keyword.value, ast.Constant)
    }


def test_every_action_of_compliance_has_a_kind() -> None:
    assert {action.value for action in Action} <= set(ACTIONS)


def test_every_action_that_the_code_records_has_a_kind() -> None:
    found = recorded_actions()
    assert {"answer", "review", "sign-in", "sign-out", "credentials-set"} <= found
    assert found <= set(ACTIONS)


def test_an_unknown_action_is_an_error_that_says_where_to_add_it() -> None:
    stranger = Event(action="whistle", outcome=Outcome.SUCCESS, actor="alma", role="")
    with pytest.raises(UnknownAction, match=r"audit/balp/actions\.py"):
        kind_of(stranger)


@pytest.mark.parametrize(("action", "kind"), [("read-audit", RECORD_READ), ("export-audit", RECORD_EXPORTED)])
def test_a_look_at_the_record_is_no_export(action: str, kind: object) -> None:
    assert kind_of(event(action)) is kind


def test_typed_details_are_details_that_an_event_may_have() -> None:
    assert INTEGERS | LISTS <= DETAIL_KEYS
