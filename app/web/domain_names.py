"""The domains of the Standard by code, named in the reader's language, as long as the data stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.i18n.names import local_name
from app.web.language import current_language
from app.web.remembered import remembered
from geodata.queries import standard

if TYPE_CHECKING:
    from geodata.database import Session


def domain_names(session: Session, edition_id: int) -> dict[str, str]:
    """Return the names of an edition's domains by code, in their order."""

    def read() -> dict[str, str]:
        return {found.code: local_name(found, current_language()) for found in standard.domains(session, edition_id)}

    return remembered(("domain names", edition_id, current_language()), read)
