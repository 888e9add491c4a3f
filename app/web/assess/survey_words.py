"""What the pages of surveys of buildings call methods, facts, drawings and refusals, as msgids."""

from __future__ import annotations

from app.exports.words import UNKNOWN
from app.i18n.marks import N_

METHODS = {"rapid_visual": N_("Rapid visual survey"), "full": N_("Full engineering survey")}
CONFIDENCE = {
    "rapid_visual": N_("middle: seen from outside by a certified engineer"),
    "full": N_("high: measured, with its document"),
}
STANDING = {
    "draft": N_("Draft"),
    "submitted": N_("Waits for verification"),
    "verified": N_("Verified, waits for publication"),
    "returned": N_("Returned to its author"),
    "withdrawn": N_("Withdrawn"),
    "in_force": N_("Counts now"),
    "former": N_("Former: another survey counts now"),
}
DRAWINGS = {
    "KG-ADB": N_("Drawing: one storey of large mud blocks, thick walls, small windows, a low roof"),
    "KG-STN": N_("Drawing: one storey of round stones in mud under a pitched roof"),
    "KG-SNC": N_("Drawing: one storey of timber posts with crossed braces between them"),
    "KG-URM-W": N_("Drawing: two storeys of brick, a dashed line for the timber floor, a pitched roof"),
    "KG-URM-C": N_("Drawing: three storeys of brick, rows of circles for floors of hollow slabs"),
    "KG-URM-S": N_("Drawing: three storeys of brick with a thick belt at each floor and upright cores"),
    "KG-CM": N_("Drawing: two storeys of brick panels, each framed by thick columns and beams"),
    "KG-RCF-P": N_("Drawing: three storeys of columns and beams with round joints where they meet"),
    "KG-RCF-I": N_("Drawing: three storeys of a thin frame filled with brick"),
    "KG-RCF-M": N_("Drawing: three storeys of very thick columns and beams with wide windows"),
    "KG-RCW": N_("Drawing: a frame of three storeys with two hatched walls from the ground to the roof"),
    "KG-LPP": N_("Drawing: four storeys of large panels, one window in each, gaps between them"),
    "KG-TIM": N_("Drawing: one storey of logs that cross at the corners"),
    "KG-STL": N_("Drawing: one storey of thin steel posts with crossed ties under a ribbed sheet"),
    "KG-UNK": N_("Drawing: the dashed outline of a house with a question mark"),
}
"""What a drawing shows, for who does not see it."""
NOT_SURE = N_("Not sure")
VERTICAL = {
    "none": N_("Regular in height"),
    "moderate": N_("Moderately irregular: a set-back, a part on a slope, floors shifted by less than half a storey"),
    "severe": N_("Severely irregular: an open or much weaker storey, short columns, floors at different levels"),
}
FLAGS = {
    "plan_irregularity": (
        N_("Irregular in plan"),
        N_("An L, T or U shape, corners that are not square, one side without strength, large holes in floors"),
    ),
    "flexible_diaphragm": (
        N_("Floors or roof that bend"),
        N_("Timber or sheet floors that do not tie the walls together"),
    ),
    "pounding": (
        N_("May hit its neighbour"),
        N_("The gap to the next building is less than 5 cm for each storey of the lower one"),
    ),
}
YES_NO = {"yes": N_("Yes"), "no": N_("No"), "": UNKNOWN}
SOILS = {
    "I": N_("I: rock or firm gravel"),
    "II": N_("II: usual soil"),
    "III": N_("III: soft, wet or filled"),
    "": UNKNOWN,
}
HEIGHT, DAY = N_("Regularity in height"), N_("Day of the survey")
REFUSALS = {
    "method_unknown": (N_("There is no such kind of survey."), N_("Choose one of the two.")),
    "choice_unknown": (N_("This is none of the choices."), N_("Choose one of the list.")),
    "document_not_asked": (N_("A rapid visual survey has no document."), N_("Begin a full survey for it.")),
    "document_kind": (N_("The document is no PDF."), N_("Save the document as PDF.")),
    "day_missing": (N_("The day of the survey is missing."), N_("Choose the day on which the building was looked at.")),
    "surveyor_missing": (N_("It is not said who surveyed."), N_("Write the name or the organisation.")),
    "survey_empty": (N_("Nothing was found yet."), N_("Choose at least the structure, or enter the storeys.")),
    "document_missing": (N_("The document of the full survey is missing."), N_("Add the PDF, then hand over.")),
    "survey_weaker": (
        N_("A full survey of less than five years ago stands: a look from outside does not replace what it found."),
        N_("Enter the condition if it got worse, or add a new full survey."),
    ),
    "level_needed": (
        N_("In an engineering survey only a certified engineer answers this."),
        N_("Leave it open, or ask an administrator to record your certificate."),
    ),
    "draft_open": (
        N_("You have another change of this building that is not finished."),
        N_("Submit or withdraw it under your tasks, then hand the survey over."),
    ),
}
"""What is wrong with a survey, and what to do; joined with those of answers."""
