"""Another Python process that calls functions one after another, and that can be killed.

``multiprocessing`` would run the user's script again in each new process, and a pool of it is lost when one of its
processes dies. This process imports only what it is asked to call.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

_SIZE = struct.Struct(">Q")
_SERVE = "from kg.processes import serve_calls; serve_calls()"


class ProcessDied(Exception):
    """The process ended before it answered, or was killed."""


class ChildProcess:
    """A process that calls functions. It is started at once, and ends with this one."""

    def __init__(self) -> None:
        path = os.pathsep.join(entry or str(Path.cwd()) for entry in sys.path)
        self._process = subprocess.Popen(
            [sys.executable, "-c", _SERVE],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path},
        )  # fmt: skip
        self._end = weakref.finalize(self, _end_process, self._process)

    @property
    def pid(self) -> int:
        return self._process.pid

    def call(self, function: Callable[..., Any], *args: object, seconds: float | None = None) -> Any:
        """Return ``function(*args)``, as the process computes it.

        Args:
            function: a function of a module; it and its arguments are pickled.
            args: its arguments.
            seconds: how long it may take; None for no limit. The process is killed if it takes longer.

        Raises:
            TimeoutError: it took longer.
            ProcessDied: the process ended.
            Exception: what the function raised.
        """
        late = threading.Event()
        timer = threading.Timer(seconds or 0, self._kill_late, [late])
        timer.daemon = True
        if seconds is not None:
            timer.start()
        try:
            done, value = self._exchange(pickle.dumps((function, args)))
        except (OSError, EOFError, ValueError) as error:  # ValueError: the pipe is closed
            self.kill()
            if late.is_set():
                raise TimeoutError from error
            raise ProcessDied from error
        finally:
            timer.cancel()
        if not done:
            raise value
        return value

    def kill(self) -> None:
        """End the process at once."""
        self._end()

    def interrupt(self) -> None:
        """End the process without waiting for its end; a call that another thread has made then fails."""
        self._process.kill()

    def _kill_late(self, late: threading.Event) -> None:
        late.set()
        self.interrupt()

    def _exchange(self, request: bytes) -> tuple[bool, Any]:
        assert self._process.stdin is not None and self._process.stdout is not None
        _write(self._process.stdin, request)
        answer: tuple[bool, Any] = pickle.loads(_read(self._process.stdout))
        return answer


def serve_calls() -> None:
    """Answer the calls of the parent process until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends this process when it is interrupted
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not come between the answers
    while True:
        try:
            request = _read(sys.stdin.buffer)
        except EOFError:
            return
        _write(answers, _answer(request))


def _answer(request: bytes) -> bytes:
    try:
        function, args = pickle.loads(request)
        return pickle.dumps((True, function(*args)))
    except Exception as error:
        return pickle.dumps((False, error))


def _write(stream: IO[bytes], data: bytes) -> None:
    stream.write(_SIZE.pack(len(data)))
    stream.write(data)
    stream.flush()


def _read(stream: IO[bytes]) -> bytes:
    head = stream.read(_SIZE.size)
    if len(head) < _SIZE.size:
        raise EOFError
    (size,) = _SIZE.unpack(head)
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def _end_process(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
