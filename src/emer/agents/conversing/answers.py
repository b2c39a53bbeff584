"""Answers from the Report alone: what, why, when, who, because of what, how sure, what does not fit or is missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from emer.agents.conversing.chosen import cues_asked, emotions_asked
from emer.agents.conversing.citing import capital, fact, listed, number, observed, who
from emer.agents.conversing.request import Fact, Kind, Reply, Request
from emer.schemas import Conflict, Emotion, Report

MAX_FACTS = 8
_ELSEWHERE = re.compile(
    r"\bcultur|\banother country|\b(?:japan|chin[ae]|indian?|german|brazil|america|arab|korea|africa|europe)",
    re.IGNORECASE,
)
SENSES = {"face": "the face", "voice": "the voice", "transcript": "the words", "context": "the scene"}


def answer(report: Report, request: Request, focus: str | None) -> Reply:
    """The reply to a turn that the Report alone answers; where it holds nothing on it, notes that say so."""
    facts, notes = _ANSWERS[request.kind](report, request, focus)
    if not facts and not notes:
        notes = [_nothing(report, request)]
    return Reply(kind=request.kind, facts=facts[:MAX_FACTS], notes=notes)


def answers_alone(kind: Kind) -> bool:
    """Whether `answer` knows this kind of turn."""
    return kind in _ANSWERS


Told = tuple[list[Fact], list[str]]


def _nothing(report: Report, request: Request) -> str:
    labels = list(dict.fromkeys(one.label for one in report.emotions))
    if request.labels and labels:
        return f"The Report does not conclude {listed(request.labels, word='or')}; it concludes {listed(labels)}. " + (
            f"Ask “why not {request.labels[0]}?” for the reasons."
        )
    if not labels:
        return "The Report concludes no emotion" + "".join(f"; of {one.person}: {one.why}" for one in report.abstained)
    return "The Report holds nothing on that."


def _what(report: Report, request: Request, focus: str | None) -> Told:
    found = emotions_asked(report, request)
    if request.labels or request.person or request.span:
        return [one for emotion in found for one in fact(report, _concluded(report, emotion), emotion.evidence)], []
    facts = fact(report, report.summary, [])
    return facts or [one for e in found for one in fact(report, _concluded(report, e), e.evidence)], []


def _person(report: Report, request: Request, focus: str | None) -> Told:
    """Of the person named; "the other one" is whoever was not spoken of last."""
    spoken_of = next((one.person for one in report.emotions if one.id == focus), None)
    others = [person.id for person in report.people if person.id != spoken_of]
    if request.person is None and spoken_of is not None and len(others) == 1:
        return _what(report, request.model_copy(update={"person": others[0]}), None)
    return _what(report, request, focus)


def _concluded(report: Report, emotion: Emotion) -> str:
    about = f" about {emotion.target}" if emotion.target else ""
    return f"{capital(who(report, emotion))} {emotion.label}{about}{_lasting(emotion)} ({number(emotion.confidence)})"


def _lasting(emotion: Emotion) -> str:
    if emotion.start_s is None or emotion.end_s is None:
        return ""
    return f" from {emotion.start_s:.1f} to {emotion.end_s:.1f} s"


def _why(report: Report, request: Request, focus: str | None) -> Told:
    found = emotions_asked(report, request, focus=focus)
    ids = {emotion.id for emotion in found}
    steps = [one for one in report.reasoning if ids & set(one.supports) and one.type != "rival"]
    if len(found) > 1:  # of each the gist; all of one comes with its label
        steps = [one for one in steps if one.type in ("inference", "conclusion")]
    facts = [made for step in steps for made in fact(report, step.claim, step.evidence)]
    if not facts:
        facts = [made for one in found for made in fact(report, _concluded(report, one), one.evidence)]
    told = {name for each in facts for name in each.cues}
    against = [
        made
        for emotion in found[:1]
        for name in [one for one in emotion.counter_evidence if one not in told][:2]
        for made in fact(report, f"Against {emotion.label} stands: {_cue_text(report, name)}", [name])
    ]
    more = f"Ask “why {found[0].label}?” for all that is said of one." if len(found) > 1 else ""
    return facts[: MAX_FACTS - len(against)] + against, [more] if more else []


def _cue_text(report: Report, name: str) -> str:
    return next((observed(cue) for cue in report.cues if cue.id == name), name)


def _when(report: Report, request: Request, focus: str | None) -> Told:
    if not request.labels and (cues := cues_asked(report, request)) and not request.modality:
        return [made for cue in cues[:MAX_FACTS] for made in fact(report, capital(observed(cue)), [cue.id])], []
    facts = []
    for emotion in emotions_asked(report, request, focus=None if not request.labels else focus):
        peak = f", most at {emotion.apex_s:.1f} s" if emotion.apex_s is not None else ""
        when = _lasting(emotion) or (" at a moment that the clip does not time" if not peak else "")
        facts += fact(report, f"{capital(who(report, emotion))} {emotion.label}{when}{peak}", emotion.evidence)
    labels = {emotion.id: emotion.label for emotion in report.emotions}
    for change in report.changes if not request.labels else []:
        text = f"At {change.t_s:.1f} s {labels.get(change.from_)} gives way to {labels.get(change.to)}"
        facts += fact(report, text, change.evidence)
    return facts, []


def _who(report: Report, request: Request, focus: str | None) -> Told:
    facts, notes = [], []
    asked = emotions_asked(report, request) if request.labels else report.emotions
    for person in [one for one in report.people if request.person in (None, one.id)]:
        own = [one for one in asked if one.person == person.id]
        cited = [name for emotion in own for name in emotion.evidence[:1]]
        if request.labels and not own:
            continue
        cited = cited or [cue.id for cue in report.cues if cue.person == person.id][:1]
        labels = f" appears {listed(list(dict.fromkeys(one.label for one in own)))}" if own else " is there"
        told = fact(report, f"{person.id} ({person.description}){labels}", cited)
        facts += told
        if not told:
            notes.append(f"{person.id} ({person.description}) is in the Report without a cue.")
    if not report.people:
        facts = [made for one in asked for made in fact(report, _concluded(report, one), one.evidence)]
    return facts, notes


def _cause(report: Report, request: Request, focus: str | None) -> Told:
    ids = {emotion.id for emotion in emotions_asked(report, request, focus=focus if not request.labels else None)}
    labels = {emotion.id: emotion.label for emotion in report.emotions}
    facts = []
    for cause in report.causes:
        if cause.emotions and not ids & set(cause.emotions):
            continue
        of = listed([labels[one] for one in cause.emotions if one in ids and one in labels])
        facts += fact(report, capital(cause.text) + (f" (for {of})" if of else ""), cause.evidence)
    for emotion in report.emotions:
        if emotion.id in ids and emotion.target:
            about = f"{capital(who(report, emotion))} {emotion.label} about {emotion.target}"
            facts += fact(report, about, emotion.evidence)
    return facts, [] if facts else ["Nothing in the words or the scene was found that it may answer to."]


def _how_sure(report: Report, request: Request, focus: str | None) -> Told:
    facts = []
    for emotion in emotions_asked(report, request, focus=focus):
        text = (
            f"About {emotion.confidence:.0%} of independent annotators would accept {emotion.label} "
            f"({emotion.confidence_basis}); intensity {number(emotion.intensity)} of 1"
        )
        facts += fact(report, text, emotion.evidence)
        if emotion.counter_evidence:
            facts += fact(report, f"Against {emotion.label} stands {_cue_text(report, emotion.counter_evidence[0])}",
                          emotion.counter_evidence[:1])  # fmt: skip
    return facts, []


def _conflict(report: Report, request: Request, focus: str | None) -> Told:
    facts = [made for one in report.conflicts for made in fact(report, disagreement(report, one), one.between)]
    signs = [cue for cue in report.cues if cue.kind == "irony" and request.person in (None, cue.person)]
    facts += [made for cue in signs for made in fact(report, capital(observed(cue)), [cue.id])]
    return facts, [] if facts else ["No two modalities disagree clearly, and no sign of irony was found."]


def disagreement(report: Report, conflict: Conflict) -> str:
    """One sentence about cues that disagree, with what could be the reason."""
    senses = {cue.id: SENSES.get(cue.modality, cue.modality) for cue in report.cues}
    named = list(dict.fromkeys(senses.get(name, name) for name in conflict.between))
    reasons = [f"{one.kind.replace('_', ' ')} ({number(one.confidence)})" for one in conflict.hypotheses]
    parts = listed(named) if len(named) > 1 else f"two cues of {named[0]}"
    because = f": it could be {listed(reasons, word='or')}" if reasons else ""
    return f"{capital(parts)} disagree by {number(conflict.distance)} of 1{because}"


def _missing(report: Report, request: Request, focus: str | None) -> Told:
    notes = []
    for one in report.missing:
        remedy = f" To get it: {one.remedy}" if one.remedy else ""
        notes.append(f"Missing: {one.modality}, because {one.why}.{remedy}")
    notes += [f"Note of the analysis: {warning}" for warning in report.warnings]
    return [], notes or ["No modality that this clip has is missing from the Report."]


def _perspective(report: Report, request: Request, focus: str | None) -> Told:
    said = request.text.lower()
    if _ELSEWHERE.search(said):
        hypotheses = [one for one in report.conflicts if any(h.kind == "display_rule" for h in one.hypotheses)]
        facts = [made for one in hypotheses for made in fact(report, disagreement(report, one), one.between)]
        return facts, ["How another culture would read this clip cannot be told offline: what people show and what "
                       "they read into it differ between cultures, and the embedded readers learned from few of them. "
                       "Describe the display rules with --context, or ask a chat model (--model)."]  # fmt: skip
    if any(word in said for word in ("viewer", "onlooker", "observer", "audience", "bystander")):
        return _as_viewer(report)
    reported = [cue for cue in report.cues if cue.kind == "self_report" and request.person in (None, cue.person)]
    facts = [made for cue in reported for made in fact(report, capital(observed(cue)), [cue.id])]
    return facts, [] if facts else ["The words in this clip say nothing of the speaker's own state; the Report says "
                                    "how it appears from outside."]  # fmt: skip


def _as_viewer(report: Report) -> Told:
    evoked = [one for one in report.emotions if one.perspective == "evoked"]
    facts = [made for one in evoked for made in fact(report, _concluded(report, one), one.evidence)]
    if facts:
        return facts, []
    seen = [cue for cue in report.cues if cue.modality in ("face", "voice") and cue.kind != "presence"]
    seen.sort(key=lambda cue: -cue.strength * cue.quality)
    facts = [made for cue in seen[:3] for made in fact(report, f"An onlooker meets this: {observed(cue)}", [cue.id])]
    return facts, ["What the clip would evoke in a viewer was not judged: the Report says what appears in the person."]


def _outside(report: Report, request: Request, focus: str | None) -> Told:
    return [], ["That I do not say. emer describes behaviour and what an observer would attribute to it: never whether "
                "somebody tells the truth, is ill, is fit for a job, or who somebody is. Nothing that it measures "
                "shows these."]  # fmt: skip


def _hostile(report: Report, request: Request, focus: str | None) -> Told:
    return [], ["I answer questions about this Report, and only from its cues; no sentence typed here or found in the "
                "clip changes that. Type “help” to see what can be asked."]  # fmt: skip


def _unknown(report: Report, request: Request, focus: str | None) -> Told:
    return [], ["I did not understand that. Offline I know a fixed set of questions; type “help” to see them."]


def _help(report: Report, request: Request, focus: str | None) -> Told:
    return [], list(HELP)


HELP: Sequence[str] = (
    "You can ask: what, why, why not LABEL, compare LABEL and LABEL, when, who, because of what, how sure, what does "
    "not fit together, what is missing, similar cases.",
    "“what if she had not smiled”, “without the voice”: judged again without it. “look again at 2-4 s”, “listen again "
    "at 5 s”: measured again.",
    "“no, she is embarrassed”: remembered as a case after your yes. “undo” takes the last change back.",
    "“how should I reply?”: a kind reply, with its strategy. “export report.json” or “export chat.md”: a file.",
)

_ANSWERS: dict[Kind, Callable[[Report, Request, str | None], Told]] = {
    "what": _what, "person": _person, "why": _why, "when": _when, "who": _who, "cause": _cause, "how_sure": _how_sure,
    "conflict": _conflict, "missing": _missing, "perspective": _perspective, "outside": _outside, "hostile": _hostile,
    "unknown": _unknown, "help": _help,
}  # fmt: skip
