"""Static files: laid out once with the hash of their content in the name, compressed ahead, served for ever."""

import gzip
import json
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import TYPE_CHECKING
from wsgiref.headers import Headers

from flask import Flask, current_app
from markupsafe import Markup

from consult.look import fonts

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

STATIC = Path(__file__).parent.parent / "static"
# The order is the cascade: a later file may rely on an earlier one. Plugins' css/*.css follow, by plugin name.
STYLES = (
    "fonts",
    "tokens",
    "base",
    "shell",
    "actions",
    "lists",
    "home",
    "forms",
    "page",
    "facts",
    "workspace",
    "print",
)
STYLESHEET = "css/site.css"
TEXTS = {".css", ".js", ".svg", ".txt"}
URL = re.compile(r"""url\((["']?)(?!data:)([^"')]+)\1\)""")
COMMENT_OR_INDENT = re.compile(r"/\*.*?\*/|^\s+", re.DOTALL | re.MULTILINE)
# For a file that is opened by itself, such as a drawing: it may load nothing, and nobody may frame it.
FILE_POLICY = "default-src 'none'; frame-ancestors 'none'"
RECIPE = (Path(__file__), Path(fonts.__file__))


@dataclass(frozen=True)
class Assets:
    """Where the files lie, and the address of each by its plain name ("css/site.css")."""

    folder: Path
    addresses: Mapping[str, str]


def lay_out_assets(app: Flask, folders: Mapping[str, Path]) -> None:
    """Make ready the static files of the core and of each plugin (its name → its static folder).

    They go under `ASSETS`, else `INSTANCE`/assets. What was made from the same sources is found again, not remade;
    processes that start together make the same files and put each in place by a rename.
    """
    root = Path(app.config.get("ASSETS") or Path(app.config["INSTANCE"]) / "assets")
    sources = _sources(folders)
    manifest = root / f"{_stamp(sources)}.json"
    if not manifest.is_file():
        _put(root, manifest, json.dumps(_make(root, sources), indent=1).encode())
    app.extensions["consult.assets"] = Assets(root / "files", json.loads(manifest.read_bytes()))


def asset(name: str) -> str:
    """Return the root-absolute address of a static file, as "/static/css/site.0f3a….css" for "css/site.css"."""
    laid_out: Assets = current_app.extensions["consult.assets"]
    return laid_out.addresses[name]


def icon(name: str) -> Markup:
    """Return a drawing of the sprite, hidden from assistive technology: the word beside it speaks."""
    return _drawing(asset("icons.svg"), name)


@cache  # a page of opinions has eighty
def _drawing(address: str, name: str) -> Markup:
    return Markup('<svg class="icon" aria-hidden="true"><use href="{}#i-{}"></use></svg>').format(address, name)


def serve_assets(
    app: Flask, wsgi: "WSGIApplication", protect: Callable[[Headers], None] = lambda headers: None
) -> "WSGIApplication":
    """Wrap a WSGI application so that /static/ is answered here, before the place and the language are looked for.

    ``protect`` adds the headers that every answer has, where a file does not say them in its own way.
    """
    from whitenoise import WhiteNoise  # type: ignore[import-untyped]

    def guard(headers: Headers, path: str, url: str) -> None:
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Content-Security-Policy"] = FILE_POLICY
        protect(headers)

    laid_out: Assets = app.extensions["consult.assets"]
    server: WSGIApplication = WhiteNoise(
        wsgi,
        root=laid_out.folder,
        prefix="static/",
        allow_all_origins=False,
        immutable_file_test=lambda path, url: True,
        add_headers_function=guard,
    )
    return server


def _sources(folders: Mapping[str, Path]) -> dict[str, bytes]:
    """Read every source by the name it is asked for: the core's in the order of the cascade, then each plugin's."""
    ordered = [STATIC / "css" / f"{name}.css" for name in STYLES]
    ordered += [path for path in _files(STATIC) if path.suffix != ".css"]
    found = {path.relative_to(STATIC).as_posix(): path.read_bytes() for path in ordered}
    for plugin, folder in sorted(folders.items()):
        found |= {f"{plugin}/{path.relative_to(folder).as_posix()}": path.read_bytes() for path in _files(folder)}
    return found


def _files(folder: Path) -> Iterable[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))


def _stamp(sources: Mapping[str, bytes]) -> str:
    """Digest everything that decides the outcome: the sources in order, the fonts, and how we treat them."""
    digest = sha256()
    for name, content in sources.items():
        digest.update(f"{name} {len(content)} ".encode() + content)
    for recipe in (*RECIPE, *(face.source() for face in fonts.FACES)):
        digest.update(recipe.read_bytes())
    return digest.hexdigest()[:16]


def _make(root: Path, sources: Mapping[str, bytes]) -> dict[str, str]:
    """Write every file under its hashed name and return the addresses."""
    plain = {name: content for name, content in sources.items() if not name.endswith(".css")}
    addresses = {name: _place(root, name, content) for name, content in (*plain.items(), *fonts.font_files())}
    styles = [("css/faces.css", fonts.face_rules())]
    styles += [(name, content.decode()) for name, content in sources.items() if name.endswith(".css")]
    joined = "".join(_with_addresses(name, _squeezed(style), addresses) for name, style in styles)
    addresses[STYLESHEET] = _place(root, STYLESHEET, joined.encode())
    return addresses


def _squeezed(style: str) -> str:
    return COMMENT_OR_INDENT.sub("", style).replace("\n", "") + "\n"


def _with_addresses(name: str, style: str, addresses: Mapping[str, str]) -> str:
    """Point each url(…), written relative to the file it stands in, to the hashed address."""
    folder = PurePosixPath(name).parent
    return URL.sub(lambda found: f'url("{addresses[normpath(str(folder / found[2]))]}")', style)


def _place(root: Path, name: str, content: bytes) -> str:
    path = PurePosixPath(name)
    hashed = path.with_name(f"{path.stem}.{sha256(content).hexdigest()[:12]}{path.suffix}")
    target = root / "files" / hashed
    if not target.exists():
        if path.suffix in TEXTS:
            import brotli  # type: ignore[import-untyped]

            _put(root, target.with_name(f"{target.name}.br"), brotli.compress(content, quality=11))
            _put(root, target.with_name(f"{target.name}.gz"), gzip.compress(content, 9, mtime=0))
        # Last, so that whoever finds the file finds its compressed kin too.
        _put(root, target, content)
    return f"/static/{hashed}"


def _put(root: Path, target: Path, content: bytes) -> None:
    """Write beside the served folder and rename, so that nobody ever sees half a file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = root / f".{secrets.token_hex(8)}"
    draft.write_bytes(content)
    draft.replace(target)
