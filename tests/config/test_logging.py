"""Logs never hold what a request held."""

import io
import logging

from config.logging import ForgetfulFormatter


def test_an_exception_is_logged_by_type_and_place_without_its_message() -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(ForgetfulFormatter())
    logger = logging.Logger("test")
    logger.addHandler(handler)
    try:
        raise ValueError("CANARY is allergic to penicillin")
    except ValueError:
        logger.exception("a request failed")
    text = stream.getvalue()
    assert "ValueError" in text
    assert "test_logging.py" in text
    assert "CANARY" not in text
