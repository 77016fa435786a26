"""Languages as PubMed writes them, however a file names them.

Source: ISO 639-2/B (the bibliographic codes) and ISO 639-1; nlm.nih.gov/bsd/language_table.html.
"""

_LANGUAGES = """
ara ar arabic | bul bg bulgarian | chi zh chinese | cze cs czech | dan da danish | dut nl dutch | eng en english
est et estonian | fin fi finnish | fre fr french français | ger de german deutsch | gre el greek | heb he hebrew
hrv hr croatian | hun hu hungarian | ice is icelandic | ita it italian | jpn ja japanese | kor ko korean
lav lv latvian | lit lt lithuanian | nor no norwegian | per fa persian | pol pl polish | por pt portuguese
rum ro romanian | rus ru russian | slo sk slovak | slv sl slovenian | spa es spanish español | srp sr serbian
swe sv swedish | tur tr turkish | ukr uk ukrainian | vie vi vietnamese
"""
_CODES = {
    name: names[0]
    for line in _LANGUAGES.splitlines()
    for names in map(str.split, line.split(" | "))
    for name in names
}


def language_code(written: str) -> str | None:
    """Return PubMed's three-letter code for a name or code ("English", "en", "en-GB"); None for what is none."""
    word = written.strip().lower()
    code = _CODES.get(word) or _CODES.get(word.split("-")[0])
    return code or (word if len(word) == 3 and word.isalpha() else None)
