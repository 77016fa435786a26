"""The MLLP server answers each frame, ends what is no frame, and hands on what it acknowledges."""

import asyncio
import json
import logging
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import httpx
import pytest

from audit.errors import AuditUnavailable
from audit.services import newest_recorded
from ehr_integration.errors import EhrUnavailable, MessageRefused
from ehr_integration.hl7v2.server.acknowledgements import acknowledge
from ehr_integration.hl7v2.server.forwarding import Forwarder, is_safe_url
from ehr_integration.hl7v2.server.mllp import END, START, Limits, MllpServer
from ehr_integration.hl7v2.server.receiving import receive
from ehr_integration.hl7v2.server.recording import record_received
from tests.ehr_integration.hl7v2.messages import HEADER, PATIENT, message

CANARY = "Kanarienvogel"
QUICK = Limits(message_bytes=10_000, idle_seconds=0.5, message_seconds=0.3, connections=2)


class Sent(list[Any]):
    """Keeps what was handed on or recorded."""

    def __call__(self, *given):
        self.append(given)


def _or_sent(given):
    return Sent() if given is None else given


def answer(body, *, hand_on=None, record=None):
    return receive(body, hand_on=_or_sent(hand_on), record=_or_sent(record)).decode().split("\r")


def test_a_message_is_recorded_handed_on_and_accepted():
    handed_on, recorded = Sent(), Sent()
    assert answer(message(), hand_on=handed_on, record=recorded)[1] == "MSA|AA|C1"
    [(resources,)] = handed_on
    assert recorded == [(resources[0]["id"], None)]


@pytest.mark.parametrize(
    ("body", "msa", "err"),
    [
        (message(patient=""), "MSA|AE|C1", "ERR||PID^1|101^Required field missing^HL70357|E"),
        (message(patient="PID|1"), "MSA|AE|C1", "ERR||PID^1^3|101^Required field missing^HL70357|E"),
        (message(kind="QRY^A19"), "MSA|AR|C1", "ERR||MSH^1^9|200^Unsupported message type^HL70357|E"),
        (message(header=HEADER.replace("2.5", "3.0")), "MSA|AR|C1", "ERR||MSH^1^12|203^Unsupported version id^HL70357|E"),
        (message(header=HEADER.replace("2.5", "2.3"), patient="PID|1"), "MSA|AE|C1", "ERR|PID^1^3^101&Required field missing&HL70357"),
        (message() + b"\r" + message(), "MSA|AE|C1", "ERR||MSH^1|100^Segment sequence error^HL70357|E"),
        (b"\xff\x00", "MSA|AE|", "ERR||MSH^1|100^Segment sequence error^HL70357|E"),
    ],
)  # fmt: skip
def test_a_refusal_names_segment_and_field(body, msa, err):
    recorded, handed_on = Sent(), Sent()
    found = answer(body, record=recorded, hand_on=handed_on)
    assert found[1] == msa
    assert found[2].startswith(err)
    assert (len(recorded), len(handed_on)) == (1, 0)


def test_what_cannot_be_handed_on_is_not_accepted():
    def fail(_):
        raise EhrUnavailable("away")

    assert answer(message(), hand_on=fail)[1] == "MSA|AE|C1"


def test_what_cannot_be_recorded_is_not_handed_on():
    def fail(*_):
        raise AuditUnavailable("away")

    handed_on = Sent()
    assert answer(message(), record=fail, hand_on=handed_on)[1] == "MSA|AE|C1"
    assert handed_on == []


def test_a_header_cannot_put_segments_into_the_answer():
    header = HEADER.replace("C1", "C1\x0bMSA\x1c").replace("LIS", "L\u2028S")
    assert len(acknowledge(header).decode().strip("\r").split("\r")) == 2
    assert START not in acknowledge(header)


def test_no_answer_repeats_the_patient():
    body = message(f"DG1|1||{CANARY}\rbroken {CANARY}", patient=PATIENT.replace("Adler", CANARY))
    assert CANARY not in "".join(answer(body))


@pytest.mark.django_db
def test_each_message_is_in_the_audit_record():
    begun = datetime.now(UTC) - timedelta(seconds=5)
    record_received("p1", None)
    record_received("", MessageRefused(101, "no patient", segment="PID"))
    events = newest_recorded(begun, datetime.now(UTC) + timedelta(seconds=5), limit=10)
    found = {(each.event.action, each.event.outcome.value, each.event.patient_id) for each in events}
    assert found == {("receive-disclosure", "success", "p1"), ("receive-disclosure", "failed", "")}


async def talk(send, *, receive, limits=QUICK, ends=False):
    """Return all that the server answers to these bytes."""
    server = await MllpServer(receive, limits=limits).start("127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(send)
        if ends:
            writer.write_eof()
        answered = await asyncio.wait_for(reader.read(), 5)
        writer.close()
        await writer.wait_closed()
    return answered


def serve(send, **given):
    return asyncio.run(talk(send, receive=partial(receive, hand_on=Sent(), record=Sent()), **given))


def frame(body):
    return START + body + END


def test_several_frames_on_one_connection_are_each_answered():
    answered = serve(frame(message()) + b"\r\n" + frame(message(patient="")), ends=True)
    assert answered.count(START) == answered.count(END) == 2
    assert answered.index(b"MSA|AA|C1") < answered.index(b"MSA|AE|C1")


@pytest.mark.parametrize(
    "send",
    [message(), START + message(), START + b"x" * 20_000, b"GET / HTTP/1.1\r\n\r\n"],
    ids=["no start", "no end", "too large", "another protocol"],
)
def test_what_is_no_frame_is_refused_and_the_connection_ended(send):
    answered = serve(send)
    assert b"MSA|AE|" in answered
    assert b"ERR||MSH^1|102" in answered


def test_an_idle_connection_is_ended():
    assert serve(b"") == b""


def test_a_fault_of_the_reader_is_answered_and_told_without_the_message(caplog):
    def fault(body):
        raise ValueError(body.decode())

    caplog.set_level(logging.DEBUG)
    answered = asyncio.run(talk(frame(CANARY.encode()), receive=fault, ends=True))
    assert b"207^Application internal error" in answered
    assert CANARY not in caplog.text + answered.decode()


def test_beyond_the_number_of_connections_a_sender_is_turned_away():
    async def crowd():
        server = await MllpServer(lambda body: body, limits=QUICK).start("127.0.0.1", 0)
        async with server:
            address = server.sockets[0].getsockname()
            held = [await asyncio.open_connection(*address) for _ in range(2)]
            await asyncio.sleep(0.05)
            reader, writer = await asyncio.open_connection(*address)
            turned_away = await asyncio.wait_for(reader.read(), 0.2)
            for _, each in [*held, (reader, writer)]:
                each.close()
            return turned_away

    assert asyncio.run(crowd()) == b""


def test_the_forwarder_sends_a_transaction_that_can_be_repeated():
    seen = []

    def server(request):
        seen.append((request.headers["authorization"], json.loads(request.content)))
        return httpx.Response(200)

    with Forwarder("https://fhir.test/r4", token="t", transport=httpx.MockTransport(server)) as hand_on:
        receive(message(), hand_on=hand_on, record=Sent())
        receive(message(), hand_on=hand_on, record=Sent())
    assert seen[0] == seen[1]
    assert seen[0][0] == "Bearer t"
    assert seen[0][1]["entry"][0]["request"]["method"] == "PUT"


@pytest.mark.parametrize("status", [302, 400, 401, 500])
def test_a_fhir_server_that_does_not_take_it_makes_a_nak(status):
    transport = httpx.MockTransport(lambda _: httpx.Response(status, headers={"location": "http://x.test"}))
    with Forwarder("https://fhir.test/r4", transport=transport) as hand_on:
        assert answer(message(), hand_on=hand_on)[1] == "MSA|AE|C1"


@pytest.mark.parametrize(
    ("url", "is_safe"),
    [
        ("https://fhir.test/r4", True),
        ("http://127.0.0.1:8080/fhir", True),
        ("http://fhir.test/r4", False),
        ("http://127.0.0.1@fhir.test", False),
        ("https://user:pw@fhir.test", False),
        ("ftp://fhir.test", False),
        ("", False),
    ],
)
def test_messages_go_only_where_they_cannot_be_read_on_the_way(url, is_safe):
    assert is_safe_url(url) is is_safe
