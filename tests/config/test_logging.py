"""Logs never hold what a request held."""

import io
import logging

from django.test import RequestFactory
from django.urls import resolve

from config.logging import ForgetfulFormatter


def test_an_exception_is_logged_by_type_and_place_without_its_message() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(ForgetfulFormatter())
    logger = logging.getLogger("tests.forgetful")
    logger.addHandler(handler)
    try:
        raise ValueError("CANARY is allergic to penicillin")
    except ValueError:
        logger.exception("a request failed")
    text = stream.getvalue()
    assert "ValueError" in text
    assert "test_logging.py" in text
    assert "CANARY" not in text


def test_a_failed_request_is_logged_by_its_route_and_not_by_its_address() -> None:
    unmatched, matched = RequestFactory().get("/CANARY"), RequestFactory().get("/api/v1/reviews/CANARY")
    matched.resolver_match = resolve("/api/v1/reviews/CANARY")
    for request, said in (
        (unmatched, "404 at no known address"),
        (matched, "404 at /api/v1/reviews/<str:review_id>"),
    ):
        record = logging.LogRecord(
            "django.request", logging.WARNING, "", 0, "Not Found: %s", (request.path,), None
        )
        record.status_code, record.request = 404, request
        assert ForgetfulFormatter().format(record).endswith(said)
