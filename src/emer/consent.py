"""Whom emer reads: the roles that the law protects, purposes that lift the bar, people who are left out.

Source: Regulation (EU) 2024/1689 (AI Act), art. 5(1)(f) forbids inferring emotions of natural persons at the
workplace and in education from biometric data, except for medical or safety reasons (recital 44).
"""

from __future__ import annotations

from emer.config import Settings
from emer.errors import InputError

PROTECTED = {
    "employee": "the workplace",
    "candidate": "the workplace",
    "pupil": "education",
    "student": "education",
}


def check_roles(settings: Settings, *, has_face_or_voice: bool) -> None:
    """Refuses to read a protected person from face or voice.

    It refuses before anything is measured: to find out whose face it is would already be reading it.

    Raises:
        InputError: a role is protected, the clip has picture or sound, and no lawful purpose is named.
    """
    if settings.purpose is not None or settings.no_biometrics or not has_face_or_voice:
        return
    for person, role in sorted(settings.roles.items()):
        if role in PROTECTED and person not in settings.exclude_persons:
            who = "a person" if person == "*" else person
            raise InputError(
                f"{who} is given as {role!r}: reading emotions of people in {PROTECTED[role]} from face or voice "
                "is prohibited (Regulation (EU) 2024/1689, art. 5(1)(f)). Use --no-biometrics (words and context "
                "only), leave the person out (--exclude-person ID), or name a purpose that the law allows "
                "(--purpose medical:… or safety:…), which the Report records."
            )
