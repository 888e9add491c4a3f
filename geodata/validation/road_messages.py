"""Messages about files of roads and of services, by problem code."""

from geodata.records.marks import N_
from geodata.validation import remedies

MESSAGES = {
    "roads_need_lines": (
        N_("A table holds no lines: roads come as GeoJSON, GeoPackage or zipped Shapefile."),
        remedies.EXPORT_AGAIN,
    ),
    "roads_left_out": (N_("Ways that no vehicle uses are left out (%(count)s): %(values)s."), remedies.NONE),
    "road_class_unknown": (
        N_("Classes of roads that are not known (%(count)s) get the speed of other roads: %(values)s."),
        remedies.CHECK,
    ),
    "speed_zero": (N_("The speed 0 says nothing: the speed of the road's class is used."), remedies.CHECK),
    "speed_word": (N_("This is not a speed: the speed of the road's class is used."), remedies.CHECK),
    "speed_impossible": (N_("A speed lies above 0 and is at most %(most)s km/h."), remedies.FIX_CELL),
    "direction_word": (N_("This says no direction: the road is taken as open both ways."), remedies.CHECK),
    "services_left_out": (
        N_("Points that are neither fire stations nor hospitals are left out (%(count)s): %(values)s."),
        remedies.CHECK,
    ),
    "roads_none": (N_("The file holds no road that vehicles use."), remedies.EXPORT_AGAIN),
    "services_none": (N_("The file holds neither a fire station nor a hospital."), remedies.MAP_COLUMN),
}
