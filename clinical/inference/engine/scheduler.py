"""The model's own thread: bedside before library, one thing at a time."""

import os
import sys
import threading
import time
from dataclasses import replace

from clinical.inference.domain import BedsideDraft, Lane, LibraryDraft, Refusal, Usage
from clinical.inference.draining import drained
from clinical.inference.engine.jobs import Job, JobQueue
from clinical.inference.engine.metrics import Metrics
from clinical.inference.llama.bedside import BedsideLane
from clinical.inference.llama.errors import Cancelled, DraftRefused
from clinical.inference.llama.library import LibraryLane, Sequence, Written

EXIT_BROKEN = 70  # sysexits.h: an internal fault; the supervisor starts a fresh process


class Scheduler(threading.Thread):
    """Takes jobs from the queue until it is closed and everything is written."""

    def __init__(self, jobs: JobQueue, bedside: BedsideLane, library: LibraryLane, metrics: Metrics) -> None:
        super().__init__(name="model")
        self._jobs = jobs
        self._bedside = bedside
        self._library = library
        self._metrics = metrics
        self._in_library: dict[Sequence, Job] = {}

    def run(self) -> None:
        """Work until the queue is closed and empty. A fault that nobody expected ends the process."""
        try:
            while self._do_next():
                pass
        except Exception as error:  # noqa: BLE001 - whatever it is, a fresh process is the cure
            sys.stderr.write(f"engine: the model's thread failed: {type(error).__name__}\n")
            os._exit(EXIT_BROKEN)

    def _do_next(self) -> bool:
        """Do one thing; return whether there may be more."""
        started_at = time.monotonic()
        if job := self._jobs.take(Lane.BEDSIDE):
            self._write_at_bedside(job)
        elif self._fill_library():
            self._step_library()
        elif self._jobs.is_closed:
            return False
        else:
            self._jobs.wait()
            return True
        self._metrics.busy(time.monotonic() - started_at)
        return True

    def _write_at_bedside(self, job: Job) -> None:
        assert isinstance(job.draft, BedsideDraft)  # noqa: S101 - the lane follows from the type
        try:
            job.check()
            # When this returns or raises, the lane has forgotten the request.
            usage = drained(self._bedside.write(job.draft, check=job.check), job.send)
        except DraftRefused as error:
            self._refuse(job, error.refusal, error.usage)
        except Cancelled as error:
            self._metrics.cancelled(job.lane, job.draft.specialty, error.usage)
        else:
            self._finish(job, usage)
        self._bedside.prepare()

    def _fill_library(self) -> bool:
        """Admit what has room; return whether the library has anything to do."""
        while job := self._jobs.take(Lane.LIBRARY):
            try:
                job.check()
                assert isinstance(job.draft, LibraryDraft)  # noqa: S101 - the lane follows from the type
                sequence = self._library.admit(job.draft)
            except DraftRefused as error:
                self._refuse(job, error.refusal, error.usage)
            except Cancelled as error:
                self._metrics.cancelled(job.lane, job.draft.specialty, error.usage)
            else:
                if sequence is None:
                    self._jobs.put_back(job)
                    break
                self._in_library[sequence] = job
        return self._library.is_active

    def _step_library(self) -> None:
        for sequence, job in list(self._in_library.items()):
            try:
                job.check()
            except DraftRefused as error:
                self._leave_library(sequence, refusal=error.refusal)
            except Cancelled:
                self._metrics.cancelled(job.lane, job.draft.specialty, sequence.usage())
                self._library.drop(sequence)
                del self._in_library[sequence]
        if self._library.is_active:
            for written in self._library.step():
                self._pass_on(written)

    def _pass_on(self, written: Written) -> None:
        if written.piece:
            self._in_library[written.sequence].send(written.piece)
        if written.refusal is not None or written.is_end:
            self._leave_library(written.sequence, refusal=written.refusal)

    def _leave_library(self, sequence: Sequence, *, refusal: Refusal | None) -> None:
        job = self._in_library.pop(sequence)
        usage = sequence.usage()
        self._library.drop(sequence)
        if refusal is not None:
            self._refuse(job, refusal, usage)
        else:
            self._finish(job, usage)

    def _finish(self, job: Job, usage: Usage) -> None:
        usage = replace(usage, seconds_waiting=job.taken_at - job.put_at)
        self._jobs.learn(job.lane, time.monotonic() - job.taken_at)
        self._metrics.finished(job.lane, job.draft.specialty, usage)
        job.end(usage=usage)

    def _refuse(self, job: Job, refusal: Refusal, usage: Usage) -> None:
        self._metrics.refused(job.lane, job.draft.specialty, refusal, usage)
        job.end(refusal=refusal)
