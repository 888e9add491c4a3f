"""Messages about columns, codes, values and places of rows, by problem code."""

from geodata.records.marks import N_
from geodata.validation import remedies

MESSAGES = {
    "mapping_ambiguous": (N_('Several columns could hold "%(field)s": %(columns)s.'), remedies.MAP_COLUMN),
    "mapping_column_unknown": (N_('The file has no column "%(column)s".'), remedies.MAP_COLUMN),
    "mapping_field_unknown": (N_('There is no field "%(field)s"; there are: %(fields)s.'), remedies.MAP_COLUMN),
    "mapping_missing": (N_('No column holds "%(field)s". Columns of the file: %(columns)s.'), remedies.MAP_COLUMN),
    "columns_unused": (N_("Columns that are not imported (%(count)s): %(columns)s."), remedies.NONE),
    "coordinate_columns_swapped": (
        N_('The columns "%(lat)s" and "%(lon)s" are named the wrong way round; their values were used.'),
        remedies.CHECK,
    ),
    "more_of_the_same": (
        N_('The same was found in %(count)s more cells of the column "%(column)s".'),
        remedies.CHECK,
    ),
    "total_row": (N_("The row is a line of totals (ИТОГО)."), remedies.DELETE_TOTAL),
    "row_repeated": (N_("The row is the same as row %(first)s."), remedies.NONE),
    "key_missing": (N_("The row has no code."), remedies.GIVE_CODE),
    "key_unknown": (N_("The code of the row is given as unknown."), remedies.GIVE_CODE),
    "code_scientific": (N_("A spreadsheet turned the code into a number in scientific notation."), remedies.TEXT_CODE),
    "code_became_number": (N_("A spreadsheet turned the code into a number with decimals."), remedies.TEXT_CODE),
    "code_became_date": (N_("A spreadsheet turned the code into a date."), remedies.TEXT_CODE),
    "code_too_long": (N_("The code is longer than 64 characters."), remedies.RETYPE_CODE),
    "code_characters": (
        N_("A code may hold letters, digits, hyphens, dots and underscores only."),
        remedies.REGISTER_CODE,
    ),
    "code_mixed_letters": (N_("The code mixes Latin and Cyrillic letters in one word."), remedies.RETYPE_CODE),
    "code_lost_zeros": (N_("The code lost its leading zeros; %(expected)s is likely meant."), remedies.TEXT_CODE),
    "code_duplicate": (N_("The code stands in several different rows: %(rows)s."), remedies.ONE_CODE),
    "key_repeated": (N_("An earlier row has the same code."), remedies.ONE_CODE),
    "code_twin": (
        N_('The code looks the same as "%(other)s" in row %(row)s but has other letters.'),
        remedies.RETYPE_CODE,
    ),
    "code_twin_known": (
        N_('The code looks the same as the known code "%(other)s" but has other letters.'),
        remedies.RETYPE_CODE,
    ),
    "placeholder": (N_('The entry may mean "none", "unknown" or a mistake.'), remedies.EMPTY),
    "unknown_word": (N_("The value is stored as unknown."), remedies.NONE),
    "control_removed": (N_("Control characters were removed."), remedies.NONE),
    "invisible_removed": (N_("Invisible characters were removed."), remedies.NONE),
    "text_too_long": (N_("The text has %(length)s characters; at most %(limit)s are allowed."), remedies.SHORTEN),
    "text_like_program": (
        N_("The text looks like a formula or program code and is kept as plain text."),
        remedies.CHECK,
    ),
    "number_invalid": (N_("This is not a number."), remedies.PLAIN_NUMBER),
    "number_exotic": (N_("The number is written with unusual digits."), remedies.PLAIN_NUMBER),
    "number_too_long": (N_("The number has too many digits."), remedies.PLAIN_NUMBER),
    "number_with_unit": (N_("The cell holds more than a number."), remedies.PLAIN_NUMBER),
    "number_unit_removed": (N_("The unit was left out and %(read)s was read."), remedies.CHECK),
    "number_grouped": (N_("Separators of thousands were left out and %(read)s was read."), remedies.CHECK),
    "number_comma": (N_("The comma was taken as a decimal sign: %(read)s."), remedies.CHECK),
    "number_ambiguous": (N_("The comma could separate thousands or decimals."), remedies.PLAIN_NUMBER),
    "number_scientific": (N_("The number is in scientific notation."), remedies.PLAIN_NUMBER),
    "number_not_finite": (N_("This is no number that can be stored (NaN or infinity)."), remedies.EMPTY),
    "number_not_whole": (N_("A whole number is needed here."), remedies.PLAIN_NUMBER),
    "number_negative": (N_("The number must not be negative."), remedies.PLAIN_NUMBER),
    "number_out_of_range": (N_("The number must lie between %(low)s and %(high)s."), remedies.FIX_CELL),
    "share_out_of_range": (
        N_("A share lies between 0 and 1 (or 0 and 100 with a percent sign)."),
        remedies.PLAIN_NUMBER,
    ),
    "share_percent": (N_("The percentage was read as the share %(read)s."), remedies.CHECK),
    "shares_over_one": (
        N_("The shares of the buildings of school %(school)s come to %(total)s, more than 1."),
        remedies.FIX_CELL,
    ),
    "shift_missing": (
        N_("A later shift has pupils, but shift %(shift)s has no number."),
        N_("Enter the pupils of every shift, from the first on."),
    ),
    "shift_count_differs": (
        N_("Values are stated for %(count)s shifts, the school has %(shifts)s."),
        N_("State one value for each shift, or correct the number of shifts."),
    ),
    "shift_sum_differs": (
        N_("The pupils of the shifts come to %(sum)s, the school has %(pupils)s."),
        N_("Check both; the row is taken as it is, and the difference is shown as a contradiction."),
    ),
    "boarding_exceeds_pupils": (
        N_("More pupils board than the school has (%(pupils)s)."),
        N_("State those of the school's pupils who live at it; correct one of the two numbers."),
    ),
    "shift_too_many": (
        N_("The cell states %(count)s shifts; a school has at most %(limit)s."),
        N_("Write one number for each shift, for example 409 + 322."),
    ),
    "date_invalid": (N_("This is not a date."), remedies.ISO_DATE),
    "date_ambiguous": (N_("Day and month cannot be told apart."), remedies.ISO_DATE),
    "date_incomplete": (N_("The date is incomplete."), remedies.ISO_DATE),
    "date_serial": (N_("The date is a spreadsheet's serial number."), remedies.ISO_DATE),
    "date_future": (N_("The date lies in the future (today is %(today)s)."), remedies.REAL_DATE),
    "date_too_early": (N_("The date lies before %(first)s."), remedies.REAL_DATE),
    "dates_reversed": (N_("The closing date lies before the opening date %(first)s."), remedies.REAL_DATE),
    "year_invalid": (N_("This is not a year."), remedies.FIX_CELL),
    "year_out_of_range": (N_("The year must lie between %(first)s and %(last)s."), remedies.FIX_CELL),
    "choice_unknown": (N_("The value is not on the list."), remedies.CHOOSE_VALUE),
    "coordinates_metres": (
        N_("The coordinates are not degrees; they look like metres of a projection."),
        remedies.DEGREES,
    ),
    "coordinates_out_of_range": (
        N_("The coordinates are out of range: latitude from -90 to 90, longitude from -180 to 180."),
        remedies.BOTH_NUMBERS,
    ),
    "coordinates_degrees": (N_("Degrees, minutes and seconds were converted to %(read)s."), remedies.CHECK),
    "coordinates_zero": (N_("The coordinates are 0, 0."), remedies.EMPTY),
    "coordinates_swapped": (N_("Latitude and longitude are swapped; %(swapped)s lies in the country."), remedies.SWAP),
    "coordinates_abroad": (N_("The point lies outside the Kyrgyz Republic."), remedies.BOTH_NUMBERS),
    "coordinate_half": (N_("One of the two coordinates is missing."), remedies.BOTH),
    "coordinates_unreadable": (N_("The pair of coordinates cannot be read."), remedies.DEGREES),
    "coordinates_repeated": (N_("The same point (%(place)s) stands in %(count)s rows: %(rows)s."), remedies.CHECK),
    "outlines_to_points": (N_("%(count)s outlines were turned into points within them."), remedies.NONE),
    "areas_not_loaded": (N_("No areas are loaded yet; the rows keep no area."), remedies.NONE),
    "area_code_shape": (N_("A SOATE code has 14 digits, this one has %(digits)s."), remedies.TEXT_CODE),
    "area_unknown": (N_("No area has this code."), remedies.AREA_CODE),
    "area_taken_above": (
        N_("%(count)s codes are of places below known areas; the unit above is taken: %(codes)s."),
        remedies.NONE,
    ),
    "area_name_unknown": (N_("No area is known by this name."), remedies.AREA_NAME),
    "area_name_ambiguous": (N_("Several areas have this name."), remedies.AREA_NAME),
    "area_disagrees": (N_("The name is of another area than the code %(code)s (%(name)s)."), remedies.AREAS_AGREE),
    "area_codes_disagree": (
        N_("This code is not of a unit above the area %(code)s (%(name)s) that the row names too."),
        remedies.AREAS_AGREE,
    ),
    "area_closed": (
        N_("The unit %(area)s ends on %(date)s and becomes: %(successors)s."),
        remedies.NONE,
    ),
    "area_territory_changed": (
        N_("The unit %(area)s keeps its code, but %(share)s of its territory is new or gone."),
        remedies.NEW_CODE,
    ),
    "point_in_other_area": (
        N_("The point lies in the area %(area)s and not in the one that the row names."),
        remedies.CHECK,
    ),
    "schools_nameless": (N_("%(count)s schools have no name; it stays unknown."), remedies.NONE),
    "schools_placeless": (N_("%(count)s rows have no usable coordinates; the place stays unknown."), remedies.NONE),
    "building_facts_declared": (
        N_("Year, wall material and cost are kept as the school's statement; a list of buildings counts."),
        remedies.NONE,
    ),
    "building_code_is_school": (
        N_('There is no column of school codes; "%(column)s" was taken for it.'),
        remedies.CHECK,
    ),
    "building_codes_made": (
        N_("There is no column of building codes; codes were made from the school and the block."),
        remedies.CHECK,
    ),
    "building_type_from_words": (N_("The words were taken as the building type %(type)s."), remedies.CHECK),
    "building_type_unknown": (N_("There is no such building type."), remedies.CHOOSE_VALUE),
    "wall_leaves_type_open": (
        N_("In %(count)s rows the wall material leaves the building type open: unknown, never counted as safe."),
        remedies.NONE,
    ),
    "school_unknown": (N_("No school has this code."), remedies.IMPORT_SCHOOL),
    "building_unknown": (N_("No building has this code."), remedies.IMPORT_BUILDING),
    "building_of_other_school": (
        N_("The building %(building)s belongs to the school %(school)s."),
        remedies.IMPORT_BUILDING,
    ),
    "building_needed": (
        N_("The criterion %(criterion)s is answered per building; the building is missing."),
        remedies.IMPORT_BUILDING,
    ),
    "building_not_needed": (
        N_("The criterion %(criterion)s is answered for the whole school; the building was left out."),
        remedies.NONE,
    ),
    "criterion_unknown": (N_("The standard has no criterion with this code."), remedies.CRITERION),
    "answer_protected": (
        N_("Answers of the protection group are entered by the school, its department or a named analyst."),
        remedies.LEAVE_PROTECTED,
    ),
    "answer_frozen": (
        N_("A closed campaign counted this assessment: its answers are frozen and the row is left out."),
        N_("Give what was found later as an assessment of another day."),
    ),
    "answer_missing": (N_("The row holds no answer."), remedies.FIX_CELL),
    "answer_twice": (N_("The same question is answered in row %(first)s already."), remedies.ONE_CODE),
    "answer_without_date": (N_("The answer has no date."), remedies.ISO_DATE),
    "pcode_shape": (N_("A P-code is KG and 2, 5, 8 or 11 digits."), remedies.AREA_CODE),
    "areas_matched_by_name": (N_("The file has no codes; its units were found by their names."), remedies.CHECK),
    "area_level_unknown": (
        N_("The level of the unit cannot be told (0 country, 1 oblast, 2 rayon or city, 3 aiyl aimak)."),
        remedies.AREA_CODE,
    ),
    "area_parent_unknown": (N_("The unit above has a code that nobody knows."), remedies.AREA_CODE),
    "area_name_kept": (N_('The known name "%(kept)s" stays; the file\'s differs.'), remedies.CHECK),
    "area_twin": (
        N_(
            '"%(name)s" (code %(code)s) has the same name in the same place and is current: this row adds a second one.'
        ),
        remedies.SAME_UNIT,
    ),
    "area_name_ky_missing": (N_('There is no Kyrgyz name; "%(used)s" stands in for it.'), remedies.FIX_CELL),
    "hazard_column_missing": (
        N_('The layer expects a column "%(column)s", which the file lacks.'),
        remedies.MAP_COLUMN,
    ),
    "features_left_out": (N_('%(count)s features are left out by "%(column)s": %(values)s.'), remedies.NONE),
    "hazard_features_dropped": (
        N_("%(count)s features of the version in use are not in this file; the new version is without them."),
        remedies.NONE,
    ),
    "hazard_unit_likely": (
        N_(
            "The values run from %(least)s to %(greatest)s: that is not %(unit)s (%(low)s to %(high)s), "
            "it looks like %(looks_like)s. Nothing was converted."
        ),
        remedies.CONVERT_UNIT,
    ),
    "hazard_unit_fits": (
        N_(
            "The values run from %(least)s to %(greatest)s: that is not plausible in %(unit)s (%(low)s to %(high)s). "
            "Units in which they are: %(fits)s. Nothing was converted."
        ),
        remedies.CONVERT_UNIT,
    ),
    "hazard_unit_doubtful": (
        N_(
            "The greatest value is %(greatest)s %(unit)s; such a map is strongest somewhere between %(low)s "
            "and %(high)s. Look at the unit in the source before you take the file. Units in which the values are "
            "plausible: %(fits)s."
        ),
        remedies.CHECK,
    ),
    "hazard_periods_exchanged": (
        N_(
            "The map of %(longer)s years is below that of %(shorter)s years at %(count)s of %(total)s places: what "
            "comes more rarely is never less."
        ),
        N_("Look at which file is of which return period; import each into the layer of its own period."),
    ),
    "hazard_falls_with_period": (
        N_(
            "At %(count)s of %(total)s places the map of %(longer)s years is below that of %(shorter)s years. These "
            "places have no curve: the level or the zone counts."
        ),
        remedies.CHECK,
    ),
    "hazard_unit_wrong": (
        N_("The values run from %(least)s to %(greatest)s: they cannot be in %(unit)s (%(low)s to %(high)s)."),
        remedies.CONVERT_UNIT,
    ),
    "hazard_words_changed": (
        N_("Shapes and levels are as in use; only names, properties or the order differ. No school is touched."),
        remedies.NONE,
    ),
    "event_without_place": (N_("The event has no coordinates and is left out."), remedies.DEGREES),
    "events_without_place": (N_("%(count)s of %(total)s events have no coordinates and are left out."), remedies.CHECK),
    "nothing_left": (N_("No row has coordinates."), remedies.DEGREES),
    "levels_undocumented": (
        N_('%(count)s values of "%(column)s" have no documented level: %(values)s.'),
        remedies.DOCUMENT,
    ),
}
"""Code to (what is wrong, what to do)."""
