"""Pictures drawn anew: only what is seen is kept, upright, no larger than a page needs."""

from __future__ import annotations

import io
import logging

from PIL import Image, ImageOps

from consult.errors import Refused
from consult.i18n import lazy_gettext as _

log = logging.getLogger(__name__)

PIXELS_MAX = 50_000_000  # asked of the head of the file, before anything is unpacked
SIDE_MAX = 2400  # pixels of the longer side of what is kept
FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG"}
MODES = {"PNG": ("1", "L", "LA", "RGB", "RGBA"), "JPEG": ("L", "RGB")}

Image.MAX_IMAGE_PIXELS = PIXELS_MAX


def clean_picture(content: bytes, media_type: str, field: str | None = None) -> tuple[bytes, int, int]:
    """The picture drawn anew in the same format: its bytes, width and height.

    Where it was taken, by whom and with what (EXIF), comments, colour profiles and whatever follows its end are not
    drawn, and so are gone. Raises Refused for too many pixels and for what is no whole picture.
    """
    too_many = Refused(_("This picture has too many pixels. Make it smaller and choose it again."), field)
    try:
        with Image.open(io.BytesIO(content), formats=[FORMATS[media_type]]) as picture:
            if picture.width * picture.height > PIXELS_MAX:
                raise too_many
            return _drawn(picture, FORMATS[media_type])
    except Refused:
        raise
    except Image.DecompressionBombError:
        raise too_many from None
    except Exception as error:  # broken pictures make the decoders stumble in every way that there is
        log.info("a picture could not be read: %r", error)
        sentence = _("This picture cannot be read. Open it on your computer, save it anew and choose it again.")
        raise Refused(sentence, field) from None


def _drawn(picture: Image.Image, format_: str) -> tuple[bytes, int, int]:
    if format_ == "JPEG":
        picture.draft("RGB", (SIDE_MAX, SIDE_MAX))  # unpacked at half or a quarter of its size, where that is enough
    if picture.mode not in MODES[format_] or "transparency" in picture.info:
        picture = picture.convert("RGBA" if format_ == "PNG" else "RGB")
    picture.thumbnail((SIDE_MAX, SIDE_MAX))  # before it is turned, for turning makes a copy
    upright = ImageOps.exif_transpose(picture)
    upright.info.clear()  # else comments and colour profiles are written again
    drawn = io.BytesIO()
    upright.save(drawn, format_, **({"quality": 85, "progressive": True} if format_ == "JPEG" else {}))
    return drawn.getvalue(), upright.width, upright.height
