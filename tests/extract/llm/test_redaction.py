"""What is masked before anything is sent, in both modes, and what is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extract.llm import LlmSettings
from extract.llm.redaction import make_redactor
from extract.llm.review import ReviewSession
from extract.llm.session import LlmSession
from extract.model import Kind
from tests.support.llm_answers import answer, first
from tests.support.llm_server import Say, serving
from tests.support.reading import read
from tests.support.reviewing import ALL, LEX, make_extraction, say

REDACT = make_redactor(LEX, redact=True)


@pytest.fixture(autouse=True)
def straight(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy between a test and its server."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    "words",
    [
        "13900001111", "139 0000 1111", "139-0000-1111", "+86 13900001111", "+8613900001111", "１３９００００１１１１",
        "0000-3309817", "（0000）33098170", "(0000)33098170", "0000 3309 8170", "0000-33098170转801", "400-000-1234",
        "8000001234", "110101199003070011", "110101 19900307 001x", "11010119900307００１Ｘ", "110101900307001",
        "6200001234567890123", "6200 0012 3456 7890", "a.b@example.org", "a.b＠example.org",
    ],
)  # fmt: skip
def test_numbers_of_people_are_masked_in_any_form(words: str) -> None:
    masked = REDACT(f"咨询{words}。")
    assert len(masked) == len(words) + 3 and masked.startswith("咨询") and masked.endswith("。")
    assert not any(character.isalnum() for character in masked[2:-1] if character != "转")


@pytest.mark.parametrize(
    ("words", "secret"),
    [
        ("联系方式：33098170", "33098170"), ("电话33098170、33098171", "33098171"), ("传真: 3309817", "3309817"),
        ("座机 33098170转12", "33098170"), ("微信号：wx_abc123", "wx_abc123"), ("QQ：100200300", "100200300"),
    ],
)  # fmt: skip
def test_what_stands_behind_such_a_word_is_masked(words: str, secret: str) -> None:
    masked = REDACT(f"{words}，2025年办理300件。")
    assert secret not in masked and masked.endswith("，2025年办理300件。") and masked[:2] == words[:2]


@pytest.mark.parametrize(
    "words",
    [
        "投资13800000000元", "12345热线", "霁府办〔2025〕12号", "2025年3月2日", "补助100000元", "2021 2022 2023 2024",
        "电话办理12345", "第20240001号提案", "1.65万户", "热线12345，2025年受理30000件",
    ],
)  # fmt: skip
def test_numbers_of_things_stay(words: str) -> None:
    assert REDACT(words) == words


def test_nothing_is_masked_unless_it_is_asked_for() -> None:
    assert make_redactor(LEX, redact=False)("13900001111") == "13900001111"


def test_no_request_of_any_mode_has_the_numbers(tmp_path: Path) -> None:
    text = (
        "关于服务（电话：0000-3309817）的答复\n祁云舟委员：\n　　您提出的提案收悉，答复如下：\n"
        "　　一是开通“霁问通13900001111”平台。联系人：祁云舟，身份证110101199003070011。\n"
        "　　二是加强管理，落实落细各项服务举措，请拨打0000-3309817咨询。\n霁川市民政局\n2025年3月2日\n"
    )
    extraction = make_extraction(text, [(Kind.PLATFORM, "“霁问通13900001111”平台", ("霁问通13900001111",))])
    for session, content in ((ReviewSession, say()), (LlmSession, answer())):
        with serving(first(Say(content))) as server:
            settings = LlmSettings(server.url, "m", cache_dir=str(tmp_path / session.__name__), redact=True)
            if session is ReviewSession:
                ReviewSession(settings).review(extraction, LEX, ALL)
            else:
                LlmSession(settings).enrich(read(text), LEX)
        sent = json.dumps([asked.body for asked in server.asked], ensure_ascii=False)
        assert server.asked and "霁问通" in sent
        for secret in ("3309817", "13900001111", "110101199003070011"):
            assert secret not in sent, session
