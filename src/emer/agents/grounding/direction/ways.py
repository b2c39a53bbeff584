"""The words for which way something goes: up or down, louder or softer, nearer or further, by what it is told of."""

from __future__ import annotations

import re
from typing import NamedTuple


def _any(*forms: str) -> re.Pattern[str]:
    """Whole words of a text in small letters: with them told apart the search takes half as long."""
    return re.compile(rf"(?<![\w'])(?:{'|'.join(forms)})(?!\w)")


class Way(NamedTuple):
    """Words of one direction, of all matters that its name fits."""

    kind: str
    sign: int
    words: re.Pattern[str]


class Subject(NamedTuple):
    """What a direction may be told of, and the dimension that each kind of direction then is of."""

    words: re.Pattern[str]
    dimensions: dict[str, tuple[str, ...]]


class Plain(NamedTuple):
    """Words that tell a direction and its dimension in one: "louder"."""

    dimension: str
    sign: int
    words: re.Pattern[str]


_UP = (
    r"ris(?:e|es|en|ing)|rose|(?:up)?rais(?:e|es|ed|ing)|(?:up)?lift(?:s|ed|ing)?|climb(?:s|ed|ing)?|ascen(?:d\w*|t)",
    r"mount(?:s|ed|ing)|soar(?:s|ed|ing)?|leap(?:s|t|ed|ing)?(?! down)|jump(?:s|ed|ing)?(?! down)|upturned"
    r"|arch(?:ed|es|ing)",
    r"up(?:wards?)?(?! to\b(?! (?:p\d|the (?:ceiling|sky)))| and down)|high(?:er|est)?|heighten(?:s|ed|ing)"
    r"|elevat\w+|hik(?:es?|ed)|hoist\w*",
    r"increas(?:e|es|ed|ing)|rocket(?:s|ed|ing)|spik(?:es?|ed|ing)|surg(?:es?|ed|ing)|boost(?:s|ed|ing)?"
    r"|skywards?|up(?:swing|tick|turn)|ascend\w*",
)
_DOWN = (
    r"fall(?:s|en|ing)?|fell|drop(?:s|ped|ping)?|sink(?:s|ing)?|sank|sunk|lower(?:s|ed|ing)?(?! (?:lip|lids?"
    r"|half|part|jaw)\b)|low(?:est)?",
    r"descen(?:d\w*|t)|dip(?:s|ped|ping)?|plung(?:es?|ed|ing)|plummet\w*|slid(?:es?|ing)?|sag(?:s|ged|ging)?"
    r"|droop\w*",
    r"declin(?:es?|ed|ing)|decreas(?:e|es|ed|ing)|diminish\w*|down(?:wards?)?|downturned|downcast|ebb(?:s|ed|ing)?",
    r"hang(?:s|ing)?|hung|bow(?:s|ed|ing)?|reduc(?:es?|ed|ing)|dwindl\w+|tumbl(?:es?|ed|ing)|deep(?:er|est|ens?"
    r"|ened|ening)?|tuck(?:s|ed|ing)?|down(?:swing|turn)|slump(?:s|ed|ing)?",
)
_REST = (
    r"(?= (?:the |her |his |their |its |what |where |p\d'?s? )?(?:\w+ ){0,2}?(?:rest|remainder|usual\w*|norm\w*"
    r"|average"
    r"|elsewhere|level|pitch|volume|loudness|pace|tempo|rate|speed|others?|other \w+|baseline|recording|speech|clip"
    r"|everything|anything|all)\b)"
)
WAYS = (
    Way("height", 1, _any(*_UP)),
    Way("height", -1, _any(*_DOWN)),
    Way("rest", 1, _any(rf"(?:above|over|beyond|exceed(?:s|ing)){_REST}", r"above|on top of", r"(?<=db )more"
                              r"|(?<=second )more|(?<=second )extra")),
    Way("rest", -1, _any(rf"(?:below|beneath|under|underneath|short of){_REST}", r"below", r"(?<=db )less"
                              r"|(?<=second )less|(?<=second )fewer")),
    Way("depth", 1, _any(r"forwards?|nearer|closer")),
    Way("depth", -1, _any(r"back(?:wards?)?(?! (?:to|at|of|and forth)\b)")),
    Way("size", 1, _any(r"widen(?:s|ed|ing)?|grow(?:s|n|ing)?|grew|broaden\w*|spread\w*|deepen\w*|swell\w*|swollen"
                        r"|strengthen\w*|gain(?:s|ed|ing)?(?: in| (?:\w+ )?(?:strength|force|power))?"
                        r"|gather(?:s|ed|ing)?|add(?:s|ed|ing)|dawn(?:s|ed|ing)?|bloom\w*|brighten\w*|blossom\w*"
                        r"|unfold\w*|intensif\w+|expand\w*|return(?:s|ed|ing)?")),
    Way("size", -1, _any(r"fad(?:es?|ed|ing)|vanish\w*|disappear\w*|di(?:es?|ed|ying)|wan(?:es?|ed|ing)"
                         r"|shrink\w*|shrank"
                         r"|shrunk|dissolv\w+|evaporat\w+|crumbl\w+|slip(?:s|ped|ping)?|goes(?=\s*(?:$|[,;:.)])"
                         r"| (?:out|off|away|from|when|as|again|the moment)\b)|gone|went|weaken\w*"
                         r"|drain\w*|wither\w*|collaps\w+|los(?:es?|t|ing)|dwindl\w+|diminish\w*|falter\w*"
                         r"|drop(?:s|ped)?"
                         r"|fall(?:s|en)?|leav(?:es?|ing)|left|reced\w+|melt(?:s|ed|ing)|sour(?:s|ed|ing)"
                         r"|ebb(?:s|ed|ing)?")),
)  # fmt: skip
ATTRIBUTE = _any(
    r"raised|lifted|lowered|rising|falling|sinking|sagging|drooping|sunk(?:en)?|upturned|downturned|downcast|elevated"
    r"|high(?:er|est)?|low(?:er|est)?|deep(?:er|est)?|arched|bowed|upward|downward|heightened|increased|reduced"
    r"|diminished|fading"
    r"|widening|spreading|vanishing|growing|swelling|dropp(?:ed|ing)|hanging|added|gained|climbing|declining"
    r"|lost|lifting"
)
"""Directions that stand before what they are told of."""
COMPARED = _any(r"higher|lower|deeper")
UNITS = {"semitone": "pitch", "db": "level", "decibel": "level", "syllable": "rate"}
UNIT = _any(r"(semitone|db|decibel|syllable)s?(?: (?:a|per) second)?")
SUBJECTS = (
    Subject(_any(r"pitch(?:ed)?|semitones?|register|intonation|inflection|contour|notes?|cadence|melody|tune|lilt"),
            {"height": ("pitch",), "rest": ("pitch",)}),
    Subject(_any(r"volume|loudness|level|decibels?|db"),
            {"height": ("level",), "rest": ("level",), "size": ("level",)}),
    Subject(_any(r"pace|tempo|rate|speed|syllables?"), {"height": ("rate",), "rest": ("rate",), "size": ("rate",)}),
    Subject(_any(r"voices?|tones?|sighs?|breath"),
            {"height": ("pitch", "level"), "rest": ("pitch", "level"), "size": ("level",)}),
    Subject(_any(r"(?:eye)?brows?"), {"height": ("brows",)}),
    Subject(_any(r"corners?|mouth|lips"), {"height": ("corners",)}),
    Subject(_any(r"heads?|chins?"), {"height": ("head",), "depth": ("lean",)}),
    Subject(_any(r"gaze|eyes?|looks?|looking|glanc\w+|stares?|staring|peers?"), {"height": ("gaze",)}),
    Subject(_any(r"smiles?|grins?"), {"size": ("smile",)}),
    Subject(_any(r"shoulders?"), {"height": ("shoulders",)}),
    Subject(_any(r"lean(?:s|ing|ed)?|bend(?:s|ing)?|bent|draw(?:s|ing)?|sits?|rears?|body|torso|trunk"),
            {"depth": ("lean",)}),
    Subject(_any(r"hands?|arms?"), {"height": ("arms",)}),
    Subject(_any(r"fists?|fingers?|legs?|knees?|(?:eye)?lids?|feet|foot|palms?|thumbs?|tears?|jaws?|cheeks?"
                 r"|curtains?|blankets?|pen|phone|glass|cup|box|bag|news|hopes?|spirits?|mood|guard|eyes? wide"), {}),
)  # fmt: skip
"""The nearest one is meant; those without a dimension keep a direction from being told of another."""
_MOVED = r"nods?|smiles?|shakes?|claps?|blinks?|breaths?|movements?|turns?|steps?|glances?|looks?|grins?|success\w+"
PLAIN = (
    Plain("level", 1, _any(
        r"loud(?:er|est|ly)?(?! and clear)|(?:shout|yell|scream|roar|bellow|boom|blar|thunder|bark|holler)\w*"
        r"|at the top of"
        r"|more (?:strongly|forcefully|powerfully|volume|force|emphatically)|(?:with|in) (?:a )?(?:full"
        r"|strong(?:er)?) voice"
        r"|speaks? up|spoke up|(?:full|strong(?:er)?|carrying|powerful|ringing) (?:voice|tone)|rings? out|ringing out"
        r"|bursts? out|amplif\w+|stronger voice|full-throated\w*|(?:at|with) full (?:blast|volume|force|strength)"
        r"|with (?:more |great |added |real |all )?force|(?:added|more|extra|greater) (?:volume|loudness|force"
        r"|level)|deafening\w*"
        r"|strident\w*|crescendo|belt(?:s|ed|ing) out|cri(?:es|ed) out|vociferous\w*|ear-splitting")),
    Plain("level", -1, _any(
        r"soft(?:er|est|ly)?(?:-spoken)?|quiet(?:er|est|ly|ens?|ened)?|(?:whisper|murmur|mutter|mumbl)\w*"
        r"|hushed|muffled"
        r"|faint(?:er|ly)?(?! (?:smile|grin|hope|trace|hint))|subdued|under \w+ breath|(?:barely|hardly"
        r"|scarcely) (?:audibl[ey]|above)"
        r"|inaudibl[ey]|(?:less|little) (?:volume|force|power)|sotto voce|in an undertone|tones? down|dies? away"
        r"|(?:weak|thin|faint|small|feeble|meek)(?:er)? voice|below \w+ breath|toned down|(?:hardly|barely"
        r"|scarcely) to be heard|dampened"
        r"|(?:voice|tone) (?:is |gets |grows |turns )?(?:weak|thin|faint|small|feeble)(?:er)?|low-voiced|meekly"
        r"|timidly|decrescendo")),
    Plain("rate", 1, _any(
        rf"fast(?:er|est)?(?! (?:{_MOVED})\b)|quick(?:er|ly|ens?|ened|ening)?(?! (?:to|{_MOVED})\b)"
        r"|hurr(?:y|ies|ied|iedly|ying)|rush(?:es|ed|ing)?"
        r"|hast(?:y|ily|e|ens?|ened)|rapid(?:ly)?|brisk(?:er|ly)?|accelerat\w+|speed(?:s|ing|y"
        r"|ily)?(?: up)?(?= |$|,|\.)"
        r"(?<!the speed)(?<!of speed)|sped up|rattl\w+|gabbl\w+|swift(?:er|ly)?|picks? up (?:the |her "
        r"|his )?(?:pace|speed|tempo)"
        r"|babbl\w+|rac(?:es|ed|ing)|gallop\w*|reels? off|fires? off|breakneck|tumbl\w+ out|rapid-fire"
        r"|(?:spill|pour|stream|fly|flies)\w* out|(?:at|with) (?:full |great |some )?(?:speed|haste)"
        r"|at a (?:gallop|trot|sprint|run)"
        r"|breathless(?:ly)?|(?:more|added|extra|greater) (?:speed|haste)|whips? through|dash(?:es|ed) through"
        r"|in a hurry")),
    Plain("rate", -1, _any(
        rf"slow(?:er|est|ly|s|ed|ing)?(?! (?:{_MOVED})\b)|drag(?:s|ged|ging)?|(?:drawn?|draws|drawing"
        rf"|drew)[- ](?:it |them )?out"
        r"|draw(?:s|ing|n)? (?:“[^”]*” |[\w']+ ){1,3}out|drawl\w*|unhurried(?:ly)?|leisurely|tak(?:es?"
        r"|ing) (?:all )?(?:the|her|his|their|its) (?:sweet )?time"
        r"|linger\w*|long-drawn|dawdl\w+|lengthen\w*|spun out|stretch(?:es|ed|ing)(?: “[^”]*”| [\w']+){0,3} out"
        r"|unrushed|spaced out"
        r"|(?:no|little) hurry|word by word|in slow motion"
        r"|prolong\w*|decelerat\w+|sluggish\w*|plodd\w+|ponderous\w*|crawl(?:s|ing)?|measured(?: pace| tempo)")),
    Plain("pitch", 1, _any(r"high(?:er)?[- ]pitched|shrill\w*|squeak\w*|squeal\w*|falsetto|treble"
        r"|(?:lighter|brighter) (?:and \w+ )?(?:register|voice|tone|pitch)|(?:register|voice|tone|pitch) (?:is "
        r"|gets |turns |grows )?(?:lighter|brighter)")),
    Plain("pitch", -1, _any(r"(?:low|deep)(?:er)?[- ]pitched|bass|rumbl\w+|growl\w*|(?:darker) (?:register"
                            r"|voice|tone|pitch)|(?:register|voice|tone|pitch) (?:is |gets |turns |grows )?darker")),
    Plain("span", 1, _any(
        r"sing-?song|melodi\w+|lively|animated|varied|wide(?:r|ly)? (?:in )?(?:pitch|range)|(?:pitch"
        r"|range) (?:is |stays )?wide(?:r|ly)?"
        r"|swings? (?:widely|wildly|between|about|back and forth|up and down)|modulat\w+|undulat\w+"
        r"|full of (?:melody|ups)"
        r"|wide-ranging|moves? (?:widely|freely|a lot|over a wide)|expressive(?:ly)?|ups and downs|(?:rich|much"
        r"|great|a lot of) melody|melody is (?:rich|wide)")),
    Plain("span", -1, _any(
        r"flat(?:ter|ly|tens?|tened)?(?! share| rent| in)|monoton\w+|(?:even|level|constant|unvarying"
        r"|steady) (?:pitch|tone|voice)"
        r"|toneless\w*|(?:one|one and the same|the same|a single|nearly one|almost one) (?:pitch|note|tone)"
        r"|dron(?:es?|ed|ing)"
        r"|(?:pitch|voice|melody|intonation|tone) (?:\w+ )?(?:hardly|barely|scarcely) (?:moves?|var\w+|changes?"
        r"|stirs?)"
        r"|pitch (?:stays )?(?:level|flat|even)|(?:hardly|scarcely|barely) any (?:melody|movement in pitch)"
        r"|without (?:any )?(?:melody|intonation)|little melody|(?:almost )?no melody")),
    Plain("gaze", -1, _any(
        r"(?:gaz(?:e|es|ing)|eyes|looks?|looking|star(?:es?|ing)|glanc(?:es?|ing)) (?:[\w']+ ){0,3}?(?:at|on|to"
        r"|towards?|into|onto) "
        r"(?:the |her |his |their )?(?:floor|ground|feet|shoes|boots|lap)(?! display)")),
    Plain("gaze", 1, _any(
        r"(?:gaz(?:e|es|ing)|eyes|looks?|looking|star(?:es?|ing)|glanc(?:es?|ing)) (?:[\w']+ ){0,3}?(?:at|on|to"
        r"|towards?|into|onto) "
        r"(?:the )?(?:ceiling|sky|heavens?)")),
    Plain("lean", 1, _any(r"leans? (?:in(?:to)?\b|over|towards?)|bends? (?:over|towards?)|leaning (?:in|over"
                          r"|towards?)"
                          r"|leant in|leaned in")),
    Plain("lean", -1, _any(r"recoil\w*|(?:draws?|shrinks?|pulls?|shies|rears?|starts?) (?:back|away) from"
                           r"|leans? away")),
    Plain("smile", 1, _any(r"smiles? again|(?:breaks?|broke|breaking) into (?:a |an )?(?:\w+ )?(?:smile|grin)")),
    Plain("smile", -1, _any(r"(?:stops|ceases|no longer) (?:smil|grin)\w+|wip(?:es|ed) the (?:smile|grin)")),
    Plain("corners", 1, _any(r"smil(?:es|ing|ed)(?! (?:fad|vanish|disappear|drop|go|die)\w*)|grin(?:s|ning|ned)"
                             r"|beam(?:s|ing|ed)"
                             r"|upturned (?:mouth|lips)|turned-up (?:mouth|lips|corners)")),
    Plain("corners", -1, _any(r"turned-down (?:mouth|lips|corners)|down-?turned (?:mouth|lips|corners)"
                              r"|down in the mouth")),
    Plain("head", -1, _any(r"(?:chin|head) (?:\w+ ){0,3}(?:on|to|onto) (?:the|her|his|their) (?:chest|breast)"
                           r"|bent head|head bent")),
    Plain("head", 1, _any(r"head (?:is )?held high|nose in the air")),
    Plain("turned", 1, _any(r"turn(?:s|ed|ing)? (?:\w+ ){0,3}?(?:to|towards?) (?:p\d|him|her|them|the other)\b")),
    Plain("turned", -1, _any(r"turn(?:s|ed|ing)? (?:\w+ ){0,3}?(?:away|aside) from (?:p\d|him|her|them|the other)"
                             r"|turn(?:s|ed|ing)? (?:the|her|his|a|their) back")),
    Plain("contact", 1, _any(r"(?:looks?|looking|glanc(?:es|ing)|star(?:es|ing)) (?:\w+ ){0,2}?at (?:p\d|him"
                             r"|her|them)|eye contact"
                             r"|(?:gaze|eyes) (?:\w+ ){0,3}?(?:on|to|towards?|at|into) (?:p\d|him|her|them)\b"
                             r"|(?:meets?|holds?|seeks?) (?:p\d's|his|her|their) (?:eyes|gaze|look)")),
    Plain("contact", -1, _any(r"(?:looks?|looking|glanc(?:es|ing)) (?:\w+ )?(?:away|aside|elsewhere|past)|avert\w*"
                              r"|avoid(?:s|ing) (?:p\d's|his|her|their|the|eye|any|all) ?(?:\w+ )?(?:eyes?|gaze"
                              r"|look|contact)"
                              r"|(?:gaze|eyes) (?:\w+ ){0,3}?away")),
    Plain("eyes", 1, _any(r"wide-eyed|eyes? (?:[\w']+ ){0,2}?(?:wide(?:ns?|ned|ning)?|open(?:s|ed|ing)?)"
                          r"|(?:wide(?:ned|ning|ns)?|open(?:s|ed|ing)?) (?:(?:the|her|his|their|\w+'s) )?eyes")),
    Plain("eyes", -1, _any(r"eyes? (?:(?:half|are|tightly|stay|go|nearly|almost|slightly|were) ){0,2}(?:closed?"
                           r"|shut|narrow(?:s|ed|ing)?|closing)"
                           r"|(?:clos(?:ed|es?|ing)|shut(?:s|ting)?|narrow(?:s|ed|ing)?"
                           r"|squeez\w+ shut) (?:(?:the|her|his|their|\w+'s|both) )?eyes"
                           r"|squint\w*")),
    Plain("opening", 1, _any(r"open-mouthed|mouth (?:[\w']+ ){0,2}?(?:open(?:s|ed|ing)?|agape|ajar)|open mouth"
                             r"|agape|jaw drops"
                             r"|lips? (?:\w+ )?(?:parted|part|apart)|parted lips|opens? (?:and \w+ )?(?:the|her"
                             r"|his|their) mouth")),
    Plain("opening", -1, _any(r"tight-lipped|mouth (?:\w+ ){0,3}?(?:closed|closes|shuts?)|closed mouth"
                              r"|(?:closes|shuts) (?:the|her|his|their) mouth"
                              r"|lips (?:\w+ ){0,1}?(?:pressed|sealed|closed|clamped)|pressed lips|closed lips"
                              r"|press(?:es|ing) (?:the|her|his|their) lips")),
    Plain("approach", 1, _any(r"(?:steps?|moves?|comes?|walks?|stepping|moving|edges?) (?:closer|nearer"
                              r"|(?:towards?|up to|over to) (?:p\d|him|her|them))"
                              r"|approach(?:es|ed|ing)?")),
    Plain("posture", 1, _any(r"(?:stand|get|jump|spring|leap)(?:s|ing)? up|(?:ris(?:es?|ing)|gets?|jumps?"
                             r"|springs?) (?:to (?:the|her|his|their) feet|from)"
                             r"|on (?:her|his|their|the) feet")),
    Plain("posture", -1, _any(r"s(?:its?|itting|inks?|inking|quats?|ettles?) (?:back )?down|takes? (?:a|the|her"
                              r"|his) seat|kneel(?:s|ing)?|crouch(?:es|ing)?"
                              r"|squats?|(?:sinks?|slumps?|drops?|falls?) (?:in)?to (?:the|a|her|his) (?:chair"
                              r"|seat|floor|ground|sofa|bench|knees)|lies down")),
    Plain("hold", 1, _any(r"pick(?:s|ed|ing)? (?:[\w']+ ){0,3}?up")),
    Plain("hold", -1, _any(r"(?:put|set|lay|place)(?:s|ting|ing)? (?:[\w']+ ){0,3}?down")),
    Plain("approach", -1, _any(r"(?:steps?|moves?|walks?|backs?|stepping|moving|edges?) (?:back(?:wards?)?|away"
                               r"|off)|retreat\w*"
                               r"|withdraw\w*|distances? (?:him|her|them)sel\w+")),
)  # fmt: skip
"""Each of these needs no word beside it."""
LEVEL = _any(
    r"(?P<pitch>pitch) [^,]*?near the middle|(?P<level>loudness|level|volume) [^,]*?near the middle"
    r"|(?P<both>close to the rest of this recording in pitch and level)"
)
"""Cues of a voice that goes neither way."""
