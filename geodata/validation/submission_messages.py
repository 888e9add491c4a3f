"""Messages about forms from the field, by problem code."""

from geodata.records.marks import N_
from geodata.validation import remedies

SEND_AGAIN = N_("Fetch it again from the server; if that brings the same, ask who runs the server.")
REPAIR = N_("The form is kept. Set it right on its page and take it in again.")
NEW_FORM = N_("Take the form of this edition from this system, and send what was filled in anew.")

MESSAGES = {
    "submissions_html": (
        N_('Instead of data the server sent a page: "%(title)s".'),
        N_("Sign in at the server or try later; nothing was taken in."),
    ),
    "submissions_cut_off": (N_("The data end in the middle (line %(line)s, position %(position)s)."), SEND_AGAIN),
    "submissions_no_json": (N_("This is not JSON (line %(line)s, position %(position)s)."), SEND_AGAIN),
    "submissions_not_text": (N_("The data are not text in UTF-8."), SEND_AGAIN),
    "submissions_shape": (N_("The data hold no list of filled-in forms."), SEND_AGAIN),
    "submissions_too_many": (N_("The file holds more than %(limit)s forms."), remedies.SPLIT_FILE),
    "archive_without_forms": (
        N_("The archive holds no table of forms: ODK Central writes one with a column KEY."),
        N_("Download the submissions of the form in ODK Central as CSV (zip), and send that file as it is."),
    ),
    "submission_without_id": (N_("The form has no id, so that it cannot be told from another."), REPAIR),
    "submission_differs": (
        N_("A form with the same id and other answers came before (version %(first)s); that one counts."),
        N_("Compare both on the page of the form. If this one is right, choose it there."),
    ),
    "form_not_ours": (N_("The form was not made here: it names no edition of the standard (%(editions)s)."), NEW_FORM),
    "edition_unknown": (N_("There is no such edition of the standard; there are: %(editions)s."), NEW_FORM),
    "edition_changed": (N_("The edition has been changed since the form was made; it is %(mark)s now."), NEW_FORM),
    "school_missing": (N_("The form names no school."), REPAIR),
    "block_missing": (N_("The form does not say which building this is."), REPAIR),
    "key_strange": (N_("No form asks this; it is kept aside and does not count."), remedies.NONE),
    "question_unknown": (
        N_("The form asks something that this system does not know; it is kept and does not count."),
        remedies.NONE,
    ),
    "value_not_asked": (N_("The criterion %(criterion)s is not measured in such numbers."), REPAIR),
    "value_impossible": (N_("No such number is possible: it must lie between %(low)s and %(high)s."), REPAIR),
    "rooms_impossible": (N_("The number of rooms must be whole and at most %(most)s."), REPAIR),
    "answer_contradicts": (
        N_("The answer contradicts what was measured; the measurement counts."),
        remedies.CHECK,
    ),
    "clock_wrong": (N_("The clock of the device was wrong; the server's time counts."), remedies.NONE),
    "clock_backwards": (N_("By the clock of the device the form ended before it began."), remedies.NONE),
    "visit_exists": (
        N_("Another form says the same visit took place (school, kind and day are the same)."),
        N_("Set one of the two aside, or correct the day or the kind."),
    ),
    "visit_closed": (
        N_("The assessment was verified meanwhile; this edit is kept and does not count."),
        N_("If it must count, ask who verifies to return the assessment."),
    ),
    "visit_frozen": (
        N_("A closed campaign counted this assessment: the edit is kept and changes nothing."),
        N_("If it must count, tell of it in a new assessment with a day of its own."),
    ),
    "photo_not_picture": (N_("The file is no picture."), N_("Take the photo again, or send it as a document.")),
    "photo_elsewhere": (
        N_("The file lies on another server than the form; it was not fetched."),
        N_("Send the file through the form's own server."),
    ),
    "page_elsewhere": (
        N_("The server names a next page on another server; it was not read, so that forms may be missing."),
        N_("Ask who runs the server."),
    ),
    "photo_missing": (N_("The photo could not be fetched, or is too large."), N_("Send the photo again, smaller.")),
}  # fmt: skip
"""What is wrong and what to do."""
