"""Where people are, in the terms of those who search for them."""

import re
from collections.abc import Mapping

from config.variables import VariableInvalid

_COUNTRIES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC
CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD
GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH
KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW
MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC
SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY
UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""
"""The two-letter codes of ISO 3166-1."""

_TWO_LETTERS = re.compile(r"[A-Z]{2}")

_TIME_ZONE = re.compile(r"[A-Za-z_]+(?:/[A-Za-z0-9_+-]+)+")

_PARTS = ("country", "region", "city", "timezone")

_LONGEST = 100


def place(text: str) -> Mapping[str, str]:
    """A country, region, city and time zone, by these names, as far as they are said: `DE, Berlin, Europe/Berlin`.

    What has no name before it is a country by its two letters, a time zone by its slash, and otherwise a city.
    """
    found: dict[str, str] = {}
    for part in filter(None, map(str.strip, text.split(","))):
        name, _, value = (each.strip() for each in part.rpartition("="))
        name = name.lower() or _kind_of(value)
        if name not in _PARTS or name in found or not 0 < len(value) <= _LONGEST:
            raise VariableInvalid("must be a place such as DE, Berlin, Europe/Berlin, or region=Bavaria, city=Hof")
        found[name] = value
    if not _is_country(found.get("country", "DE")):
        raise VariableInvalid(f"must name a country by the two letters of ISO 3166, not {found['country']}")
    if not _TIME_ZONE.fullmatch(found.get("timezone", "Europe/Berlin")):
        raise VariableInvalid("must name a time zone such as Europe/Berlin")
    return found


def _kind_of(value: str) -> str:
    if _TWO_LETTERS.fullmatch(value):
        return "country"
    return "timezone" if "/" in value else "city"


def _is_country(code: str) -> bool:
    return bool(_TWO_LETTERS.fullmatch(code)) and code in _COUNTRIES
