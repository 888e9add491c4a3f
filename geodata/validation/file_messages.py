"""Messages about a file, its encoding, headings and cells, by problem code."""

from geodata.records.marks import N_
from geodata.validation import remedies

MESSAGES = {
    "file_empty": (N_("The file is empty."), remedies.SAVE_AGAIN),
    "file_missing_rows": (N_("The file has headings but no rows."), remedies.CHECK),
    "type_unknown": (N_("The content of the file is of no kind that can be imported."), remedies.SAVE_XLSX),
    "type_refused": (N_("The content of the file is %(found)s, which is not accepted here."), remedies.SAVE_XLSX),
    "xls_refused": (N_("The file is an old Excel workbook (.xls)."), remedies.SAVE_XLSX),
    "macro_refused": (N_("The workbook contains macros (.xlsm)."), remedies.SAVE_XLSX),
    "workbook_encrypted": (N_("The workbook is protected by a password."), remedies.SAVE_AGAIN),
    "workbook_damaged": (N_("The workbook is damaged (%(part)s)."), remedies.SAVE_AGAIN),
    "xml_entities_refused": (
        N_("The workbook contains XML entities, which are not accepted (%(part)s)."),
        remedies.SAVE_AGAIN,
    ),
    "far_cell": (N_("There is a stray cell far from the table (%(cell)s)."), remedies.DELETE_CELL),
    "too_many_columns": (N_("The table has %(found)s columns; at most %(limit)s are allowed."), remedies.SPLIT_FILE),
    "too_many_rows": (N_("The file has more than %(limit)s rows."), remedies.SPLIT_FILE),
    "cell_too_long": (N_("A cell holds more than %(limit)s characters (row %(row)s)."), remedies.SHORTEN),
    "too_large": (N_("Reading the file took more memory than allowed (%(limit)s)."), remedies.SPLIT_FILE),
    "too_slow": (N_("Reading the file took longer than allowed (%(seconds)s s)."), remedies.SPLIT_FILE),
    "reader_failed": (N_("The file could not be read."), remedies.SAVE_AGAIN),
    "encoding_invalid": (N_("Line %(line)s is not valid %(encoding)s text."), remedies.SAVE_UTF8),
    "encoding_unknown": (N_("The encoding %(encoding)s is not known."), remedies.SAVE_UTF8),
    "encoding_guessed": (N_("The encoding was not stated and was taken as %(encoding)s."), remedies.READ_NAMES),
    "bom_removed": (N_("The file begins with a byte order mark, which was left out."), remedies.NONE),
    "separator_line": (
        N_('The first line only states the separator "%(separator)s" and was not read as a heading.'),
        remedies.NONE,
    ),
    "quote_unclosed": (N_("A quotation mark opens on line %(line)s and is never closed."), remedies.SAVE_AGAIN),
    "quote_broken": (N_("The quotation marks on line %(line)s are wrong."), remedies.SAVE_AGAIN),
    "row_ragged": (N_("The row has %(found)s cells; the heading has %(expected)s."), remedies.FIX_CELL),
    "header_missing": (N_("There is no row of headings."), remedies.ONE_HEADER),
    "header_duplicate": (
        N_('The heading "%(column)s" stands in two columns (%(first)s and %(second)s).'),
        remedies.ONE_HEADER,
    ),
    "header_empty": (N_("A column with data has no heading; it is called %(column)s."), remedies.ONE_HEADER),
    "header_merged": (N_("The row of headings (%(row)s) has merged cells or two levels."), remedies.ONE_HEADER),
    "title_rows_skipped": (N_("Title rows above the headings were not read (%(rows)s)."), remedies.CHECK),
    "column_name_refused": (N_('The column "%(column)s" has a reserved name and was left out.'), remedies.NONE),
    "sheet_hidden": (
        N_('The workbook has hidden sheets (%(sheets)s); the visible sheet "%(used)s" was read.'),
        remedies.CHOOSE_SHEET,
    ),
    "sheets_other": (N_('The sheet "%(used)s" was read; there are others: %(sheets)s.'), remedies.CHOOSE_SHEET),
    "sheet_missing": (N_('There is no sheet "%(sheet)s"; there are: %(sheets)s.'), remedies.CHOOSE_SHEET),
    "sheet_none_visible": (N_("All sheets of the workbook are hidden."), remedies.UNHIDE),
    "rows_hidden": (N_("Hidden rows were read too: %(rows)s."), remedies.UNHIDE),
    "columns_hidden": (N_("Hidden columns were read too: %(columns)s."), remedies.UNHIDE),
    "merged_cell_empty": (
        N_("The cell is part of a merged range (%(range)s) and has no value of its own."),
        remedies.UNMERGE,
    ),
    "formula_without_value": (N_("The cell %(cell)s holds a formula without a calculated value."), remedies.SAVE_AGAIN),
    "cell_error": (N_("The cell holds a spreadsheet error."), remedies.FIX_CELL),
    "number_precision_lost": (
        N_("The number has more digits than a spreadsheet keeps; the last ones may be wrong."),
        remedies.TEXT_CODE,
    ),
    "nul_in_text": (N_("The cell holds a sign that cannot be seen or stored (NUL)."), remedies.TYPE_AGAIN),
    "replacement_character": (N_("The cell holds the sign of an unreadable letter."), remedies.RESTORE_LETTERS),
    "letters_lost": (N_('Letters were lost and stand as "?".'), remedies.RESTORE_LETTERS),
    "mojibake": (N_("The text was saved in a wrong encoding."), remedies.RESTORE_LETTERS),
    "mojibake_repaired": (
        N_('The text was saved in a wrong encoding and was restored: "%(repaired)s".'),
        remedies.CHECK,
    ),
}
"""Code to (what is wrong, what to do)."""
