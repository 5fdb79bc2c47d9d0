"""The versions of a draft: their list, two of them compared, the whole text on paper."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from consult.api import address_of, language, owner_of, shown_or_404
from plugins.consultations.drafts.matching import Change
from plugins.consultations.models import Consultation, DraftVersion, Phase
from plugins.consultations.queries import shown_versions
from plugins.consultations.views.blueprint import pages
from plugins.consultations.views.drafts import comparison_of, read_version


@pages.get("/konsultatsii/<number:number>/versii", may="public")
def versions(number: int) -> ResponseReturnValue:
    """Every version that people could read, the newest first."""
    found = _readable(number)
    return render_template("consultations/versions.html", consultation=found, versions=_versions_or_404(found)[::-1])


@pages.get("/konsultatsii/<number:number>/sravni", may="public")
def compare(number: int) -> ResponseReturnValue:
    """Two versions (``ot``, ``do``) beside each other: what changed first, in one text or in two (``vid=dve``)."""
    found = _readable(number)
    versions = _versions_or_404(found)
    new = _chosen(versions, request.args.get("do"), found.version or versions[-1].number)
    old = _chosen(versions, request.args.get("ot"), _before(versions, new))
    comparison = comparison_of(old, new)
    changed = comparison.changed
    return render_template(
        "consultations/compare.html",
        consultation=found,
        versions=versions,
        old=old,
        new=new,
        changed=changed,
        same=len(comparison.units) - len(changed),
        counts=[(change, sum(unit.change is change for unit in changed)) for change in Change],
        is_in_two=request.args.get("vid") == "dve",
    )


@pages.get("/konsultatsii/<number:number>/pechat", may="public")
def on_paper(number: int) -> ResponseReturnValue:
    """The whole text of one version (``versia``) as it is printed."""
    found = _readable(number)
    versions = _versions_or_404(found)
    version = _chosen(versions, request.args.get("versia"), found.version or versions[-1].number)
    owner = owner_of(found) or abort(404)
    return render_template(
        "consultations/print.html",
        consultation=found,
        version=version,
        owner=owner,
        units=comparison_of(None, version).units,
        address=address_of(owner, language(), "consultations.short", number=number),
    )


def _readable(number: int) -> Consultation:
    """The consultation once its draft may be read."""
    found = shown_or_404(Consultation, number, "", "consultations.consultation_with_tail")
    if found.phase in (Phase.UPCOMING, Phase.WITHDRAWN):
        abort(404)
    return found


def _versions_or_404(found: Consultation) -> Sequence[DraftVersion]:
    return shown_versions(found) or abort(404)


def _chosen(versions: Sequence[DraftVersion], asked: str | None, otherwise: int) -> DraftVersion:
    number = otherwise if asked is None else read_version(asked)
    return next((one for one in versions if one.number == number), None) or abort(404)


def _before(versions: Sequence[DraftVersion], new: DraftVersion) -> int:
    """The version before ``new``, or itself where there is none."""
    return max((one.number for one in versions if one.number < new.number), default=new.number)
