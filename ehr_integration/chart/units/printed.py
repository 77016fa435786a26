"""How laboratories, monitors and HL7 v2 feeds print units, as UCUM. What is not listed here is unknown."""

from collections.abc import Mapping
from functools import lru_cache

from ehr_integration.chart.units.ucum import parse

# Parts between the slashes, in lower case without spaces or dots at the end.
PARTS = {
    "g": "g gm gms gr gram grams",
    "kg": "kg kgs kilogram kilograms kilo kilos",
    "mg": "mg mgs mgm milligram milligrams",
    "ug": "ug mcg µg μg microgram micrograms",
    "ng": "ng nanogram nanograms",
    "pg": "pg picogram picograms",
    "mol": "mol",
    "mmol": "mmol mmole mmoles mmols millimol",
    "umol": "umol µmol μmol mcmol umole umoles micromol",
    "nmol": "nmol nmole nmoles",
    "pmol": "pmol pmole pmoles",
    "meq": "meq meqs mequiv",
    "mosm": "mosm mosmol mosmole",
    "L": "l liter litre liters litres",
    "dL": "dl deciliter decilitre 100ml",
    "mL": "ml mls cc milliliter millilitre",
    "uL": "ul µl μl mcl microliter microlitre cumm mm3 mm^3 cmm",
    "fL": "fl femtoliter femtolitre femtoliters femtolitres um3 µm3 μm3",
    "m": "meter metre meters metres",
    "cm": "cm cms centimeter centimetre centimeters centimetres",
    "mm": "mm millimeter millimetre millimeters millimetres",
    "m2": "m2 m^2 m² sqm",
    "{1.73_m2}": "1.73m2 1.73m^2 1.73m² 1.73sqm 1.73.m2 1.73_m2 {1.73m2} {1.73_m2} 1.73",
    "s": "s sec secs second seconds",
    "min": "min mins minute minutes mn",
    "h": "h hr hrs hour hours",
    "d": "d day days",
    "(24.h)": "24h 24hr 24hrs 24hours 24hour",
    "wk": "wk wks week weeks",
    "mo": "mo mos month months",
    "a": "yr yrs year years",
    "U": "u unit units",
    "[IU]": "iu intlunits intlunit",
    "m[IU]": "miu",
    "u[IU]": "uiu µiu μiu mciu",
    "k[IU]": "kiu",
    "mU": "mu",
    "uU": "uu µu μu",
    "kU": "ku",
    "10*3": "10*3 10^3 10e3 10e+3 x10*3 x10^3 x10e3 x10e+3 x10(3) 10(3) x103 k thou thous thousand thousands x1000 1000",
    "10*6": "10*6 10^6 10e6 10e+6 x10*6 x10^6 x10e6 x10e+6 x10(6) 10(6) x106 mil mill million millions",
    "10*9": "10*9 10^9 10e9 10e+9 x10*9 x10^9 x10e9 x10e+9 x10(9) 10(9) x109",
    "10*12": "10*12 10^12 10e12 10e+12 x10*12 x10^12 x10e12 x10e+12 x10(12) 10(12) x1012",
    "{cells}": "cell cells",
    "{beats}": "beat beats",
    "{breaths}": "breath breaths",
    "{copies}": "copy copies cp",
    "%": "% percent pct pc",
    "[HPF]": "hpf",
    "[LPF]": "lpf",
    "mm[Hg]": "mmhg mm[hg] torr",
    "kPa": "kpa",
    "cm[H2O]": "cmh2o cmh20 cm[h2o]",
    "[lb_av]": "lb lbs pound pounds [lb_us] [lb_av]",
    "[oz_av]": "oz ounce ounces [oz_av] [oz_us]",
    "[in_i]": "in inch inches [in_us] [in_i]",
    "[ft_i]": "ft foot feet [ft_us] [ft_i]",
    "mV": "mv",
}
# Whole units, as above, that are not made of such parts.
WHOLE = {
    "/min": "bpm beatspermin beatsperminute breathspermin breathsperminute permin perminute rpm"
    " {beats}/min {breaths}/min {beats}/m b/min br/min beats/m resp/min resp/minute {resp}/min /minute",
    "Cel": "c °c degc degreesc degreecelsius degreescelsius degcelsius celsius cel deg.c",
    "[degF]": "f °f degf degreesf degreefahrenheit degreesfahrenheit degfahrenheit fahrenheit [degf] deg.f",
    "10*6/uL": "m/ul m/cumm m/mm3 m/µl m/μl",
    "1": "1 # count ratio index none n/a na unitless {ratio} {index} {none} no.units nounit nounits",
    "{score}": "score (score) points point",
    "{INR}": "inr {inr} {inrunit}",
    "[pH]": "ph phunits phunit {ph} {phunit} [ph]",
    "mm/h": "mm/1h mm/1hr",
    "deg": "degrees degree",
    "{s_co}": "s/co s/coratio {s/co} {s_coratio}",
}
# Upper or lower case alone tells these apart, and feeds in capitals do not keep it: the analyte must decide.
AMBIGUOUS: Mapping[str, tuple[str, ...]] = {
    "G/L": ("g/L", "10*9/L"),
    "T/L": ("10*12/L",),
    "MU": (),
    "MU/L": (),
}

_PART = {spelling: unit for unit, spellings in PARTS.items() for spelling in spellings.split()}
_WHOLE = {spelling: unit for unit, spellings in WHOLE.items() for spelling in spellings.split()}


def candidates(text: str) -> tuple[str, ...]:
    """Return the UCUM units that a printed unit may mean: none where unknown, several where it depends.

    A unit that is already UCUM is itself, in its own spelling.
    """
    try:
        return _candidates(text)
    except ValueError:
        return ()


@lru_cache(maxsize=4096)
def _candidates(text: str) -> tuple[str, ...]:
    """Return at least one. Raises: ValueError, because a failure is not kept, and what is no unit may be words of a note."""
    if parse(text) is not None:
        return (text,)
    plain = "".join(text.split())
    found = AMBIGUOUS[plain] if plain in AMBIGUOUS else _spelled(plain.casefold().removesuffix("."))
    if not found:
        raise ValueError
    return found


def _spelled(lower: str) -> tuple[str, ...]:
    if lower in _WHOLE:
        return (_WHOLE[lower],)
    found = _of_parts(lower)
    return (found,) if found is not None and parse(found) is not None else ()


def _of_parts(lower: str) -> str | None:
    parts = [_PART.get(part) for part in lower.replace("per", "/").split("/")]
    first, *rest = parts if parts else [None]
    if lower.startswith("/"):
        first = ""
    if first is None or None in rest:
        return None
    return "/".join([first, *(part for part in rest if part)])
