"""The drill of the matrix finds an answer that went to the wrong reader."""

from __future__ import annotations

import pytest

from scripts.drills.matrix import FAR, Reader, _at_once, _see
from scripts.drills.running import Answer

VISITOR, LOCAL = Reader("visitor", {}, (FAR,)), Reader("local", {"Cookie": "a"}, (FAR,))
PATH = "/ky/"
OWN_PAGES = {"": b"<p>visitor</p>", "a": b"<p>local</p>"}


class Server:
    """Answers each reader with their own page, or as it is told."""

    def __init__(self, answers):
        self.answers = answers

    def get(self, path, headers):
        return self.answers(OWN_PAGES[headers.get("Cookie", "")])


def found(answers):
    steady = {(who, PATH): _see(Answer(200, OWN_PAGES[who.headers.get("Cookie", "")], 0)) for who in (VISITOR, LOCAL)}
    return _at_once(Server(answers), steady, len(steady), 200)


def test_answers_of_their_own_pass():
    assert found(lambda own: Answer(200, own, 0)).passed


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer(200, OWN_PAGES["a"], 0), "visitor at /ky/: the answer of local"),
        (Answer(200, FAR.encode(), 0), "LEAK to"),
        (Answer(500, b"fault", 0), "another answer (500)"),
    ],
)
def test_an_answer_of_another_a_leak_and_a_fault_are_told(answer, told):
    finding = found(lambda own: answer)

    assert not finding.passed
    assert told in finding.happened
