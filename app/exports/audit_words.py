"""What the audit calls tables, actions, events, fields and values, as msgids; for the page and its files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.exports.words import OWNERSHIP, SCHOOL_KINDS
from app.i18n.marks import N_
from geodata.validation.columns import find_field

TABLES = {
    "appeal": N_("Appeal"),
    "claim": N_("Stated number"),
    "area": N_("Area"),
    "area_boundary": N_("Outline of an area"),
    "area_succession": N_("Succession of areas"),
    "school": N_("School"),
    "school_code": N_("Code of a school in another register"),
    "school_contact": N_("Telephones of a school"),
    "building": N_("Building"),
    "building_survey": N_("Survey of a building"),
    "assessor_level": N_("Level of an assessor"),
    "assessment": N_("Assessment"),
    "answer": N_("Answer"),
    "campaign": N_("Campaign"),
    "campaign_visit": N_("Visit of a campaign"),
    "restricted_answer": N_("Answer of the protection group"),
    "evidence": N_("Photo or document"),
    "reading": N_("Instrument reading"),
    "standard_edition": N_("Edition of the standard"),
    "standard_domain": N_("Domain of the standard"),
    "criterion": N_("Criterion"),
    "criterion_guidance": N_("Guidance for a criterion"),
    "standard_agreement": N_("Agreement to an edition"),
    "submission": N_("Form from the field"),
    "field_connection": N_("Server of forms"),
    "hazard_layer": N_("Hazard layer"),
    "run": N_("Ranking"),
    "scenario": N_("Scenario event"),
    "weight_scheme": N_("Scheme of weights"),
    "measure_price": N_("Unit cost of a measure"),
    "travel_time": N_("Travel time by road"),
    "travel_layer": N_("File of roads or services"),
    "account": N_("Account"),
    "account_grant": N_("Role of an account"),
    "account_identity": N_("Name of an account at the identity provider"),
    "webauthn": N_("Security key of an account"),
    "api_key": N_("Key of a program"),
}
ACTIONS = {"added": N_("Added"), "changed": N_("Changed"), "removed": N_("Removed")}
EVENTS = {
    "account:added": N_("Account added"),
    "account:codes_made": N_("Recovery codes made"),
    "account:disabled": N_("Account disabled"),
    "account:enabled": N_("Account enabled"),
    "account:granted": N_("Role given"),
    "account:invited": N_("Person invited"),
    "account:level_given": N_("Level of an assessor recorded"),
    "account:link_made": N_("One-time link made"),
    "account:password_changed": N_("Password changed"),
    "account:password_chosen": N_("Password chosen"),
    "account:reset": N_("Password reset"),
    "account:revoked": N_("Role taken away"),
    "account:second_factor_removed": N_("Second factor removed"),
    "account:second_factor_set": N_("Second factor set up"),
    "account:signed_in": N_("Signed in"),
    "account:signed_out": N_("Signed out"),
    "assessment:published": N_("Assessment published"),
    "assessment:returned": N_("Assessment returned"),
    "assessment:verified": N_("Assessment verified"),
    "appeal:accepted": N_("Appeal accepted"),
    "appeal:rejected": N_("Appeal rejected"),
    "appeal:submitted": N_("Appeal submitted"),
    "appeal:withdrawn": N_("Appeal withdrawn"),
    "backup:restored": N_("Backup restored"),
    "campaign:closed": N_("Campaign closed"),
    "campaign:opened": N_("Campaign opened"),
    "plan:made": N_("Plan made"),
    "plan:published": N_("Plan published"),
    "plan:withdrawn": N_("Plan hidden again"),
    "plan:varied": N_("Plan made again under other assumptions"),
    "plan:drawn": N_("Plan drawn within what is uncertain"),
    "demonstration:loaded": N_("Sample data loaded"),
    "exposure:refreshed": N_("Hazards measured"),
    "ways:measured": N_("Ways by road worked out"),
    "field:connected": N_("Server of field forms connected"),
    "field:disconnected": N_("Server of field forms disconnected"),
    "field:repaired": N_("Form from the field set right"),
    "field:set_aside": N_("Form from the field set aside"),
    "field:taken": N_("Forms from the field taken in"),
    "hazard:settled": N_("Source of a hazard decided"),
    "measure:priced": N_("Cost of a measure stated"),
    "import:committed": N_("Import taken in"),
    "import:undone": N_("Import taken back"),
    "key:made": N_("Key of a program made"),
    "key:revoked": N_("Key of a program revoked"),
    "pipeline:begun": N_("Project of the pipeline begun"),
    "pipeline:moved": N_("Project of the pipeline moved"),
    "pipeline:planned": N_("Planned money of a project recorded"),
    "pipeline:spent": N_("Spent money of a project recorded"),
    "parameters:used": N_("Parameter table put in use"),
    "priors:decided": N_("Table of priors put in force"),
    "priors:made": N_("Table of priors counted"),
    "project:recorded": N_("Money for a school recorded"),
    "revision:published": N_("Change of a record published"),
    "revision:returned": N_("Change of a record returned"),
    "revision:submitted": N_("Change of a record submitted"),
    "revision:taken_back": N_("Change of a record taken back"),
    "revision:verified": N_("Change of a record verified"),
    "revision:withdrawn": N_("Change of a record withdrawn"),
    "run:asked": N_("Ranking asked for after an accepted appeal"),
    "run:official": N_("Ranking made the official list"),
    "run:published": N_("Ranking published"),
    "scenario:published": N_("Scenario event published"),
    "scenario:sent": N_("Footprint of an event sent"),
    "scheme:saved": N_("Scheme of weights saved"),
    "scheme:official": N_("Official scheme of weights chosen"),
    "standard:moved": N_("Legal status of an edition changed"),
    "works:decided": N_("Retrofit, replacement or relocation decided"),
    "works:priced": N_("Cost of works recorded"),
}
FIELDS = {
    "account_id": N_("Account (number)"),
    "active": N_("Active"),
    "area_id": N_("Area (number)"),
    "assessed_on": N_("Day of the visit"),
    "assessment_id": N_("Assessment (number)"),
    "batch_id": N_("Import (number)"),
    "boundary": N_("Boundary"),
    "building_id": N_("Building (number)"),
    "closed_on": N_("Closed on"),
    "code": N_("Code"),
    "criterion_id": N_("Criterion (number)"),
    "display_name": N_("Person"),
    "edition_id": N_("Edition of the standard (number)"),
    "email": N_("E-mail"),
    "expires_at": N_("Valid until"),
    "footprint": N_("Outline of the building"),
    "fs_uniquifier": N_("Key of the sessions"),
    "geom": N_("Boundary"),
    "granted_at": N_("Given at"),
    "granted_by": N_("Given by (number of the account)"),
    "is_official": N_("Official"),
    "is_published": N_("Published"),
    "is_synthetic": N_("Sample record"),
    "kind": N_("Kind"),
    "level": N_("Level"),
    "location": N_("Location"),
    "location_quality": N_("Quality of the location"),
    "name": N_("Name"),
    "opened_on": N_("Opened on"),
    "parent_id": N_("Area above (number)"),
    "password": N_("Password"),
    "provenance": N_("Where single values come from"),
    "published_at": N_("Published at"),
    "register": N_("Register"),
    "revoked_at": N_("Revoked at"),
    "rights": N_("Rights"),
    "role": N_("Role"),
    "school_id": N_("School (number)"),
    "shift_hours": N_("Hours by shift"),
    "shift_pupils": N_("Pupils by shift"),
    "source": N_("Source"),
    "source_date": N_("Date of the source"),
    "state": N_("State"),
    "status": N_("Status"),
    "title": N_("Title"),
    "valid_from": N_("Valid from"),
    "valid_to": N_("Valid to"),
    "value": N_("Value"),
    "version": N_("Version"),
}
"""Fields that the importer does not know; those that it knows are called as there, others by their own names."""

VALUES = {
    "ownership": OWNERSHIP,
    "kind": SCHOOL_KINDS,
    "state": {
        "meets": N_("Meets"),
        "partly": N_("Partly"),
        "fails": N_("Fails"),
        "not_applicable": N_("Does not apply"),
        "unknown": N_("Unknown"),
    },
}
IMPORTED = {
    "school": "schools",
    "school_contact": "schools",
    "building": "buildings",
    "area": "areas",
    "answer": "answers",
}
SECRET, NEW_SECRET = "***", "*** (new)"
UNKNOWN, YES, NO = N_("Unknown"), N_("yes"), N_("no")
NOT_SHOWN, CHANGED = N_("not shown"), N_("changed, not shown")
OUTLINE = N_("outline %(hash)s")

Say = Callable[..., str]


def field_label(table: str, name: str, say: Say) -> str:
    """Return what a field is called."""
    known = find_field(IMPORTED[table], name) if table in IMPORTED else None  # type: ignore[arg-type]
    text = say(known.label) if known else say(FIELDS[name]) if name in FIELDS else name
    return text[:1].upper() + text[1:]


def value_text(name: str, value: Any, say: Say) -> str:
    """Return a value in words: unknown ones as such, secrets not shown, outlines by the start of their SHA-256."""
    if value is None or value in ([], {}, ""):
        return say(UNKNOWN)
    if isinstance(value, bool):
        return say(YES if value else NO)
    if isinstance(value, list):
        return ", ".join(value_text(name, one, say) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {value_text('', one, say)}" for key, one in value.items())
    if not isinstance(value, str):
        return str(value)
    if value in (SECRET, NEW_SECRET):
        return say(NOT_SHOWN if value == SECRET else CHANGED)
    if value.startswith("sha256 "):
        return say(OUTLINE, hash=value[7:19])
    if value.startswith("POINT("):
        lon, lat = value[6:-1].split(" ")
        return f"{lat}, {lon}"
    word = VALUES.get(name, {}).get(value)
    return say(word) if word else value
