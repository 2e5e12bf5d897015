"""Every saved question gives the same rows after decisions on servers that others built."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from pyoxigraph import Store

from compactgraph.sparql.questions import bind, saved_questions
from tests.conftest import PROJECT
from tests.engines.test_answers import Service, assert_same, loaded
from tests.sparql.test_questions import read_case_after_decisions
from tests.support.engines import ENGINES

QUESTIONS = saved_questions(PROJECT / "ontology")
CASES = {name: read_case_after_decisions(name).parameters for name in QUESTIONS}
ASKED = [
    *CASES.items(),
    ("agreed-not-applied", {}),
    ("history", {"item": "1.11"}),
    ("movements", {"provision": "3.2"}),
]


@pytest.fixture(scope="module", params=ENGINES)
def service(
    request: pytest.FixtureRequest, decided: Store, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp(f"{request.param}-decided")
    with loaded(request.param, folder, decided) as running:
        yield running


@pytest.mark.parametrize(("name", "values"), ASKED)
def test_a_saved_question(
    name: str, values: Mapping[str, str], service: Service, decided: Store
) -> None:
    kinds = {parameter.name: parameter.kind for parameter in QUESTIONS[name].parameters}
    given = {**values, "review": "bristol"}
    bound = {key: bind(decided, kinds[key], value, "bristol") for key, value in given.items()}
    assert_same(decided, service, QUESTIONS[name].sparql, bound)


def test_no_triple_stands_in_two_graphs(decided: Store) -> None:
    triples = [(quad.subject, quad.predicate, quad.object) for quad in decided]
    assert len(set(triples)) == len(triples)
