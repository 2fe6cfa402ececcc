"""Names by their sound."""

from __future__ import annotations

import pytest

from kg.serve.site.sounds import Sounds, count_skipped, read_letters

NAMES = ("澄溪市科学技术局", "澄溪市发展和改革委员会", "重庆银行")
SOUNDS = Sounds(NAMES)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        (NAMES[0], "chengxi"), (NAMES[0], "kexuejishuju"), (NAMES[0], "kxjsj"), (NAMES[0], "kjj"),
        (NAMES[0], "kejiju"), (NAMES[0], "cx"), (NAMES[0], "chx"), (NAMES[1], "fgw"), (NAMES[2], "chongqing"),
        (NAMES[2], "yinhang"),
    ],
)  # fmt: skip
def test_a_name_is_found_by_its_sound(name: str, letters: str) -> None:
    assert SOUNDS.rate(name, letters) > 0


@pytest.mark.parametrize("letters", ["caizheng", "zzz", "xq"])
def test_another_sound_finds_nothing(letters: str) -> None:
    assert SOUNDS.rate(NAMES[0], letters) == 0


def test_the_beginning_of_a_name_is_best() -> None:
    assert SOUNDS.rate(NAMES[0], "chengxi") > SOUNDS.rate(NAMES[0], "kexue") > SOUNDS.rate(NAMES[0], "kjj")


def test_letters_are_read_from_what_is_typed() -> None:
    assert read_letters("Ke Ji Ju") == "kejiju"
    assert read_letters("科技") == "" and read_letters("a") == "" and read_letters("a" * 200) == ""


def test_short_names_skip_characters() -> None:
    assert count_skipped("科学技术局", "科技局") == 2
    assert count_skipped("科学技术局", "局科") == -1
