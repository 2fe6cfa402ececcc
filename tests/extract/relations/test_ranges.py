"""The two ends of a range are about one thing."""

from __future__ import annotations

import pytest

from extract.model import Source
from extract.pipeline import extract


@pytest.mark.parametrize(
    ("sentence", "unit", "about"),
    [
        ("到2027年，培育3—5家瞪羚企业。", "家", ["瞪羚企业", "瞪羚企业"]),
        ("对养老机构分别给予每人2000元至5000元的补助。", "CNY", ["养老机构", "养老机构"]),
    ],
)
def test_the_upper_end_of_a_range_is_about_what_the_lower_end_is(sentence: str, unit: str, about: list[str]) -> None:
    extraction = extract(Source("措施.txt", f"澄溪市支持企业发展若干措施\n\n一、{sentence}\n"))
    found = [extraction.get_entity(f.about).label if f.about else None for f in extraction.figures if f.unit == unit]
    assert found == about
