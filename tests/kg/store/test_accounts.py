"""The account for a SPARQL server: sent once the server has asked for it."""

from __future__ import annotations

from email.message import Message
from urllib.request import Request

import pytest

from kg.store.accounts import Account

ADDRESS = "http://graph.example.org/"
DIGEST = 'Digest realm="kg", nonce="n1", qop="auth", algorithm="MD5"'


def ask(challenge: str) -> Message:
    headers = Message()
    headers["WWW-Authenticate"] = challenge
    return headers


def sign(account: Account) -> str:
    request = Request(ADDRESS + "query")
    account.sign(request)
    return str(request.get_header("Authorization", ""))


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> Account:
    monkeypatch.setenv("KG_STORE_USER", "甲")
    monkeypatch.setenv("KG_STORE_PASSWORD", "p:w")
    monkeypatch.delenv("KG_STORE_TOKEN", raising=False)
    return Account(ADDRESS)


def test_a_password_is_sent_only_when_the_server_asks_for_it(named: Account) -> None:
    assert sign(named) == ""
    assert named.learn(ask('Basic realm="kg"'))
    assert sign(named) == "Basic 55SyOnA6dw=="


def test_digest_is_taken_rather_than_basic_and_counts_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_STORE_USER", "dba")
    account = Account(ADDRESS)
    headers = ask('Basic realm="kg"')
    headers["WWW-Authenticate"] = DIGEST
    assert account.learn(headers)
    first, second = sign(account), sign(account)
    assert first.startswith('Digest username="dba", realm="kg"')
    assert "nc=00000001" in first and "nc=00000002" in second


def test_a_token_is_always_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_STORE_TOKEN", "t")
    account = Account(ADDRESS)
    assert sign(account) == "Bearer t" and not account.learn(ask(DIGEST))


def test_without_an_account_nothing_is_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KG_STORE_USER", raising=False)
    monkeypatch.delenv("KG_STORE_TOKEN", raising=False)
    assert not Account(ADDRESS).learn(ask(DIGEST))


def test_unknown_schemes_are_not_answered(named: Account) -> None:
    assert not named.learn(ask('Negotiate realm="kg"')) and sign(named) == ""
