"""Another process: it answers calls, passes errors on, and can be killed."""

from __future__ import annotations

import os
import signal
import time

import pytest

from kg.errors import StoreError
from kg.processes import ChildProcess, ProcessDied
from kg.version import __version__


def add(one: int, other: int) -> int:
    print("what a library prints")
    return one + other


def fail() -> None:
    raise StoreError("坏了", "broken")


def read_version() -> str:
    return __version__


def test_it_answers_one_call_after_another() -> None:
    process = ChildProcess()
    try:
        assert process.pid != os.getpid() and process.call(os.getpid) == process.pid
        assert [process.call(add, n, 1) for n in range(3)] == [1, 2, 3]
        assert process.call(read_version) == __version__
    finally:
        process.kill()


def test_errors_keep_both_languages_and_the_process_goes_on() -> None:
    process = ChildProcess()
    try:
        with pytest.raises(StoreError) as caught:
            process.call(fail)
        assert (caught.value.zh, caught.value.en) == ("坏了", "broken")
        assert process.call(add, 1, 1) == 2
    finally:
        process.kill()


def test_a_call_that_takes_too_long_ends_the_process() -> None:
    process = ChildProcess()
    begin = time.perf_counter()
    with pytest.raises(TimeoutError):
        process.call(time.sleep, 300, seconds=1)
    assert time.perf_counter() - begin < 60
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_a_process_that_dies_is_reported() -> None:
    process = ChildProcess()
    process.call(add, 1, 1)
    with pytest.raises(ProcessDied):
        process.call(signal.raise_signal, signal.SIGKILL)
    with pytest.raises(ProcessDied):
        process.call(add, 1, 1)
