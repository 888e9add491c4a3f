"""Forms for collecting in the field: XLSForm for KoBoToolbox and ODK, and on paper; pure, no database."""
