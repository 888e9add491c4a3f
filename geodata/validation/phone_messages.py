"""What is wrong with telephone numbers, and what to do."""

from geodata.records.marks import N_

WRITE_PHONE = N_("Write the number with its code, for example +996 312 62 12 34 or 0312 62 12 34; several by commas.")
ONLY_NUMBERS = N_("Leave names and words out and write the office numbers only, several by commas.")

MESSAGES = {
    "phone_words": (N_("The cell holds words or a name beside the telephone number."), ONLY_NUMBERS),
    "phone_extension": (
        N_("The telephone number has an extension."),
        N_("Write the number that is answered without an extension."),
    ),
    "phone_signs": (N_("The telephone number holds signs that belong to none."), WRITE_PHONE),
    "phone_without_area": (
        N_("The telephone number has %(digits)s digits: the code of the town is missing."),
        WRITE_PHONE,
    ),
    "phone_length": (
        N_("The telephone number has %(digits)s digits; after +996 or 0 there are nine."),
        WRITE_PHONE,
    ),
    "phone_abroad": (
        N_("The telephone number is not of Kyrgyzstan or has not nine digits after +996."),
        WRITE_PHONE,
    ),
    "phone_unassigned": (
        N_("No network of Kyrgyzstan has such telephone numbers: after +996 none begins with 0 or 1."),
        WRITE_PHONE,
    ),
    "phones_too_many": (
        N_("There are %(count)s telephone numbers; at most %(limit)s are kept."),
        N_("Keep the numbers that are answered first."),
    ),
}
