"""Tiers for annotators: Praat TextGrids and ELAN's .eaf, one file for each clip."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

from emer.exporting.spans import Span, Tier, length_s, tiers
from emer.schemas import Report

_SCHEMA = {
    "{http://www.w3.org/2001/XMLSchema-instance}noNamespaceSchemaLocation": "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"
}
_MEDIA_TYPES = {".mp4": "video/mp4", ".mov": "video/quicktime", ".wav": "audio/x-wav", ".mp3": "audio/mpeg"}


def to_textgrid(report: Report) -> str | None:
    """The clip's tiers in Praat's long text format; None where nothing has a time.

    Source: the Praat manual, "TextGrid file formats". Interval tiers cover the whole clip, empty where nothing is.
    """
    found, end_s = tiers(report), length_s(report)
    if not found:
        return None
    lines = ['File type = "ooTextFile"', 'Object class = "TextGrid"', "", "xmin = 0", f"xmax = {end_s:.4f}"]
    lines += ["tiers? <exists>", f"size = {len(found)}", "item []:"]
    for number, tier in enumerate(found, start=1):
        intervals = _covering(tier, end_s)
        lines += [f"    item [{number}]:", '        class = "IntervalTier"', f"        name = {_quoted(tier.name)}"]
        lines += ["        xmin = 0", f"        xmax = {end_s:.4f}", f"        intervals: size = {len(intervals)}"]
        for place, span in enumerate(intervals, start=1):
            lines += [f"        intervals [{place}]:", f"            xmin = {span.start_s:.4f}"]
            lines += [f"            xmax = {span.end_s:.4f}", f"            text = {_quoted(span.text)}"]
    return "\n".join(lines) + "\n"


def to_eaf(report: Report) -> str | None:
    """The clip's tiers as an ELAN document that points to the clip; None where nothing has a time.

    Source: the EAF 3.0 schema of the Max Planck Institute for Psycholinguistics.
    """
    found = tiers(report)
    if not found:
        return None
    now = datetime.now(UTC).isoformat(timespec="seconds")
    told = {"AUTHOR": "emer", "DATE": now, "FORMAT": "3.0", "VERSION": "3.0", **_SCHEMA}
    root = ElementTree.Element("ANNOTATION_DOCUMENT", told)
    header = ElementTree.SubElement(root, "HEADER", MEDIA_FILE="", TIME_UNITS="milliseconds")
    if report.clip.kind in ("video", "audio"):
        path = Path(report.clip.source).absolute()
        kind = _MEDIA_TYPES.get(path.suffix.lower(), "unknown")
        ElementTree.SubElement(header, "MEDIA_DESCRIPTOR", MEDIA_URL=path.as_uri(), MIME_TYPE=kind)
    order = ElementTree.SubElement(root, "TIME_ORDER")
    n_spans = 0
    for tier in found:
        held = ElementTree.SubElement(root, "TIER", LINGUISTIC_TYPE_REF="span", TIER_ID=tier.name)
        for span in tier.spans:
            n_spans += 1
            _annotate(held, order, span, n_spans)
    ElementTree.SubElement(
        root, "LINGUISTIC_TYPE", GRAPHIC_REFERENCES="false", LINGUISTIC_TYPE_ID="span", TIME_ALIGNABLE="true"
    )
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _annotate(tier: ElementTree.Element, order: ElementTree.Element, span: Span, number: int) -> None:
    slots = [f"ts{2 * number - 1}", f"ts{2 * number}"]
    for slot, at_s in zip(slots, span[:2], strict=True):
        ElementTree.SubElement(order, "TIME_SLOT", TIME_SLOT_ID=slot, TIME_VALUE=str(round(at_s * 1000)))
    outer = ElementTree.SubElement(tier, "ANNOTATION")
    inner = ElementTree.SubElement(
        outer, "ALIGNABLE_ANNOTATION", ANNOTATION_ID=f"a{number}", TIME_SLOT_REF1=slots[0], TIME_SLOT_REF2=slots[1]
    )
    ElementTree.SubElement(inner, "ANNOTATION_VALUE").text = _printable(span.text)


def _covering(tier: Tier, end_s: float) -> list[Span]:
    """The tier's spans with empty ones between them."""
    covering, at_s = [], 0.0
    for span in tier.spans:
        if span.start_s > at_s:
            covering.append(Span(at_s, span.start_s, ""))
        covering.append(span)
        at_s = span.end_s
    return [*covering, Span(at_s, end_s, "")] if end_s > at_s else covering


def _quoted(text: str) -> str:
    doubled = _printable(text).replace('"', '""')
    return f'"{doubled}"'


def _printable(text: str) -> str:
    """The text without control characters, which neither format may hold."""
    return "".join(one for one in text if one.isprintable())
