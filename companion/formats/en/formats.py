"""Days and times of the console, as the rest of the product writes them: 28 Nov 2026, 17:56. FORMAT_MODULE_PATH."""

DATE_FORMAT = SHORT_DATE_FORMAT = "j M Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "j M Y, H:i"
