"""How a full disk is answered: a line of the table of problems that errors of several kinds lead to."""

from __future__ import annotations

from app.web.problem import Problem
from app.workflows.disk_space import NO_ROOM as TITLE
from app.workflows.disk_space import NO_ROOM_REMEDY

NO_ROOM = Problem(507, "no-room", TITLE, NO_ROOM_REMEDY)
