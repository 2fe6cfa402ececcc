"""The pause of the garbage collector: nested, and left as it was before."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from extract.garbage import pause_collection


@pytest.fixture(autouse=True)
def _keep_setting() -> Iterator[None]:
    enabled = gc.isenabled()
    yield
    (gc.enable if enabled else gc.disable)()


def test_nothing_is_collected_during_a_pause_and_again_after_it() -> None:
    gc.enable()
    with pause_collection():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_the_outer_of_two_pauses_ends_them() -> None:
    gc.enable()
    with pause_collection():
        with pause_collection():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_an_error_ends_a_pause() -> None:
    gc.enable()
    with pytest.raises(ValueError, match="page"), pause_collection():
        raise ValueError("page")
    assert gc.isenabled()


def test_a_collector_that_a_program_has_switched_off_stays_off() -> None:
    gc.disable()
    with pause_collection():
        pass
    assert not gc.isenabled()
