"""`python -m audit.witness`: a witness on a host that has neither our database nor Django."""

import argparse
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TextIO

from audit.errors import AuditError
from audit.witness.arguments import parser, source_of, witness_of
from audit.witness.errors import CheckpointRefused
from audit.witness.key_files import write_new_key
from audit.witness.running import accepted, observe_forever, observe_once
from audit.witness.sources import HttpSource

UNDECIDED, REFUSED = 1, 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say and return the exit code."""
    options = parser().parse_args(arguments)
    try:
        if options.command == "key":
            sys.stdout.write(f"{write_new_key(options.file, options.name).verifier}\n")
        else:
            _watch(options)
    except CheckpointRefused as refusal:
        _tell(f"REFUSED ({refusal.kind}): {refusal}", stream=sys.stderr)
        return REFUSED
    except AuditError as error:
        _tell(f"nothing cosigned: {error}", stream=sys.stderr)
        return UNDECIDED
    except KeyboardInterrupt:
        return 0
    return 0


def _watch(options: argparse.Namespace) -> None:
    witness, source = witness_of(options), source_of(options)
    with ExitStack() as stack:
        if isinstance(source, HttpSource):
            stack.enter_context(source)
        if options.once or options.start:
            _tell(accepted(observe_once(witness, source, is_start=options.start)))
        else:
            observe_forever(witness, source, interval_seconds=options.interval, tell=_tell)


def _tell(message: str, *, stream: TextIO | None = None) -> None:
    line = f"{datetime.now(UTC).isoformat(timespec='seconds')} {message}\n"
    (stream or sys.stdout).write(line)
    (stream or sys.stdout).flush()


if __name__ == "__main__":
    sys.exit(main())
