"""Each school stands in one queue at most; being unprepared moves a dangerous school to design, never out."""

import numpy as np
import pytest

from app.funding.queues import NO_QUEUE, QueueFacts, assign, conditions, design_som, load_rule

BUILD, DESIGN, SUMMER = 0, 1, 2
LIMIT = 1e-5


def queue_of(grade=None, risk=np.nan, stage=None, figure=None, works=True, small=False):
    facts = QueueFacts([grade], np.array([risk]), [stage], [figure], np.array([works]), np.array([small]))
    rule = load_rule()
    return int(assign(conditions(facts, rule, LIMIT), rule)[0])


@pytest.mark.parametrize(
    ("facts", "queue"),
    [
        pytest.param({"grade": "E"}, DESIGN, id="dangerous and without documents"),
        pytest.param({"grade": "E", "figure": "survey"}, DESIGN, id="a survey is no document to build by"),
        pytest.param({"grade": "E", "figure": "expertise"}, BUILD, id="dangerous with the state expertise"),
        pytest.param({"grade": "A", "stage": "approved", "small": True}, BUILD, id="ready stands before low-cost"),
        pytest.param({"grade": "B", "risk": 2e-5}, DESIGN, id="risk above the limit is danger whatever the grade"),
        pytest.param({"grade": "C", "risk": 1e-6, "small": True}, SUMMER, id="not dangerous, small repairs"),
        pytest.param({"grade": "E", "stage": "design", "small": True}, SUMMER, id="its design is being made"),
        pytest.param({"grade": "E", "stage": "building", "small": True}, NO_QUEUE, id="works are going on"),
        pytest.param({"grade": "E", "works": False, "small": True}, SUMMER, id="dangerous, and no works are known"),
        pytest.param({}, NO_QUEUE, id="nothing known is no danger and no need"),
    ],
)
def test_queue(facts, queue):
    assert queue_of(**facts) == queue


def test_a_design_costs_its_share_of_the_bare_works_rounded_up_once():
    # 119 som with overheads of 19 % are 100 som of bare works; 6 % of them are 6 som. 120 som give 6.05: 7 som.
    assert design_som(119, 0.06, 0.19) == 6
    assert design_som(120, 0.06, 0.19) == 7
