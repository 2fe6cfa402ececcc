"""Schemathesis sends requests that the description allows, and some that it does not: no answer is a failure."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.paths import ROOT

schemathesis = pytest.importorskip("schemathesis", reason="not run: schemathesis is not installed")
from hypothesis import HealthCheck, Phase, settings  # noqa: E402

SCHEMA = schemathesis.openapi.from_dict(json.loads((ROOT / "kg/serve/api/openapi.json").read_text(encoding="utf-8")))


@SCHEMA.parametrize()
@settings(
    max_examples=15, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_no_request_is_answered_with_a_failure(case: Any, pages_address: str) -> None:
    response = case.call(base_url=pages_address)
    assert response.status_code < 500, response.text
    if response.status_code in (200, 400, 404):
        case.validate_response(response, checks=[schemathesis.checks.not_a_server_error, *CHECKS])


CHECKS = [
    schemathesis.specs.openapi.checks.content_type_conformance,
    schemathesis.specs.openapi.checks.response_schema_conformance,
]
