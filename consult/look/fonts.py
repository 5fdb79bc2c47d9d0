"""The two fonts: which letters and weights we keep, how they are cut, and the @font-face rules that name the cuts."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

WEIGHTS = (400, 700)

# The third alphabet holds what the second lacks, so a page in Turkish loads all Latin from two files.
ALPHABETS = {
    "cyrillic": "U+0301,U+0400-0401,U+0404,U+0406-0407,U+040D,U+0410-0451,U+0454,U+0456-0457,U+045D,U+0490-0491,U+2116",
    "latin": "U+0020-007E,U+00A0,U+00A7,U+00A9,U+00AB,U+00B0,U+00B7,U+00BB,U+00D7,U+2010-2014,U+2018-201A,"
    "U+201C-201E,U+2022,U+2026,U+202F,U+203A,U+20AC,U+2192,U+2212",
    "turkish": "U+00C2,U+00C7,U+00CE,U+00D6,U+00DB-00DC,U+00E2,U+00E7,U+00EE,U+00F6,U+00FB-00FC,U+011E-011F,"
    "U+0130-0131,U+015E-015F,U+20BA",
}
FEATURES = ["ccmp", "locl", "mark", "mkmk", "kern", "liga", "rvrn", "tnum"]
# Bulgarian and Turkish letterforms stay. Lora has the Bulgarian ones behind `locl`, Sofia Sans draws them by default.
SCRIPTS = ["DFLT.dflt", "cyrl.dflt", "cyrl.BGR ", "latn.dflt", "latn.TRK "]
NAMES_KEPT = [0, 1, 2, 3, 4, 5, 6, 13, 14]
NAMES_OF_THE_FAMILY = (1, 3, 4, 6)


@dataclass(frozen=True)
class Face:
    """One variable font of a package. `family` is its name in CSS and, when `is_renamed`, inside the file too."""

    role: str
    family: str
    package: str
    file: str
    is_renamed: bool

    def source(self) -> Traversable:
        return files(self.package) / "files" / self.file

    def licence(self) -> Traversable:
        return files(self.package) / "LICENSE"


FACES = (
    Face("sans", "Sofia Sans", "fontpkg_sofia_sans", "SofiaSans[wght].ttf", is_renamed=False),
    # "Lora" is a reserved font name: a cut of it must carry another one (SIL Open Font License 1.1, condition 3).
    Face("serif", "Consult Serif", "fontpkg_lora", "Lora[wght].ttf", is_renamed=True),
)


def file_name(face: Face, alphabet: str) -> str:
    return f"fonts/{face.role}-{alphabet}.woff2"


def face_rules() -> str:
    """The @font-face rules in CSS; a browser loads an alphabet only when the page holds a letter of it."""
    return "".join(
        f'@font-face{{font-family:"{face.family}";src:url("../{file_name(face, alphabet)}") format("woff2");'
        f"font-weight:{WEIGHTS[0]} {WEIGHTS[1]};font-style:normal;font-display:swap;unicode-range:{letters}}}\n"
        for face in FACES
        for alphabet, letters in ALPHABETS.items()
    )


def font_files() -> Iterator[tuple[str, bytes]]:
    """Yield (name, content) of the six cut woff2 files and the two licences. Takes some seconds."""
    for face in FACES:
        yield f"fonts/{face.role}-licence.txt", face.licence().read_bytes()
        everything = ",".join(ALPHABETS.values())
        narrow = _in_weights(_cut(face.source().read_bytes(), everything))
        for alphabet, letters in ALPHABETS.items():
            yield file_name(face, alphabet), _woff2(_cut(narrow, letters), face)


def _cut(content: bytes, letters: str) -> "TTFont":
    from fontTools.subset import Options, Subsetter, parse_unicodes
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(content))
    options = Options(
        hinting=False, layout_features=FEATURES, layout_scripts=SCRIPTS, name_IDs=NAMES_KEPT, notdef_outline=True
    )
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=parse_unicodes(letters.replace("U+", "")))
    subsetter.subset(font)
    return font


def _in_weights(font: "TTFont") -> bytes:
    from fontTools.varLib.instancer import instantiateVariableFont

    narrow = instantiateVariableFont(font, {"wght": WEIGHTS})
    content = io.BytesIO()
    narrow.save(content)
    return content.getvalue()


def _woff2(font: "TTFont", face: Face) -> bytes:
    if face.is_renamed:
        for name in NAMES_OF_THE_FAMILY:
            words = face.family.replace(" ", "") if name == 6 else face.family
            font["name"].setName(words, name, 3, 1, 0x409)
    font.flavor = "woff2"
    content = io.BytesIO()
    font.save(content)
    return content.getvalue()
