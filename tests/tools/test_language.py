from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emer.tools.language import detect

SHORT_ENGLISH = [
    "Yeah.", "Oh my God!", "No way", "Ugh", "Hmm.", "No.", "Yes!", "What?", "Why?", "Stop it!", "Help!", "Wow",
    "Ouch!", "Sorry.", "Thanks.", "Please.", "Die!", "Damn it.", "Oh no", "Go away", "I do.", "Me too.", "So what?",
    "Never mind", "Whatever.", "Fine.", "Great.", "Oh, great.", "Come on!", "Shut up.", "Get out!", "I can't",
    "It hurts", "Who cares", "Not again", "Really?", "Seriously?!", "Hell no", "God, no.", "Aww", "Yay!", "Haha",
    "lol", "Hey, man", "Uh-huh", "Mm-hmm.", "La la la", "Ha. Ha, ha.", "Bye", "Hi!", "Mama!", "Adios, amigo",
    "Bravo!", "No no no",
]  # fmt: skip

SENTENCES = {
    "de": ["Ich bin so traurig, weil er nicht gekommen ist.", "Das ist mir egal.", "Lass mich in Ruhe."],
    "fr": ["Je suis tellement déçue qu'il ne soit pas venu.", "J'ai peur.", "C'est pas possible !"],
    "es": ["Estoy muy triste porque no vino.", "¿Por qué no me llamaste?", "Déjame en paz."],
    "pt": ["Estou muito triste porque ele não veio.", "Não aguento mais isso.", "Eu te amo."],
    "it": ["Sono molto triste perché non è venuto.", "Ho paura del buio.", "Che bella giornata!"],
    "nl": ["Ik ben zo verdrietig omdat hij niet kwam.", "Waarom heb je niet gebeld?", "Laat me met rust."],
    "pl": ["Jestem bardzo smutna, bo nie przyszedł.", "Boję się ciemności.", "Kocham cię."],
    "tr": ["Gelmediği için çok üzgünüm.", "Neden beni aramadın?", "Seni seviyorum."],
    "sv": ["Jag är så ledsen för att han inte kom.", "Varför ringde du inte?", "Jag älskar dig."],
    "id": ["Saya sangat sedih karena dia tidak datang.", "Aku takut gelap.", "Kenapa kamu tidak menelepon?"],
    "fi": ["Olen niin surullinen, koska hän ei tullut.", "Miksi et soittanut?"],
    "ro": ["Sunt foarte trist pentru că nu a venit.", "De ce nu m-ai sunat?"],
    "zh": ["他没有来，我很难过。", "太好了！"],
    "ja": ["とても悲しいです。", "なぜ電話してくれなかったの？"],
    "ko": ["너무 슬퍼요."],
    "hi": ["मुझे बहुत गुस्सा आ रहा है।", "Mujhe bahut gussa aa raha hai yaar."],
    "ar": ["أنا حزين جدا"],
    "ru": ["Мне очень грустно."],
    "uk": ["Мені дуже сумно, і я не їду."],
    "el": ["Είμαι πολύ λυπημένος."],
    "th": ["ฉันเสียใจมาก"],
    "he": ["אני עצוב מאוד"],
}


def test_there_are_fifty_short_english_utterances() -> None:
    assert len(SHORT_ENGLISH) >= 50


@pytest.mark.parametrize("text", SHORT_ENGLISH)
def test_short_english_alone_is_never_silenced(text: str) -> None:
    assert detect([text]).utterances == ("en",)


def test_short_english_in_an_english_clip_is_never_silenced() -> None:
    texts = [*SHORT_ENGLISH, "I told you that I was going to be late, and you did not even call me."]
    assert set(detect(texts).utterances) == {"en"}


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in SENTENCES.items() for text in texts])
def test_a_sentence_in_another_language_is_told(code: str, text: str) -> None:
    assert detect([text]).language == code


@pytest.mark.parametrize(
    "text",
    [
        "The die is cast, we went to war.",
        "Que sera, sera, as my mother says.",
        "My name is Maria de la Cruz and I am fine.",
        "Naïve café façade.",
        "We saw Les Misérables with Élodie.",
        "S P O I L E R ! !",
        "𝓘 𝓵𝓸𝓿𝓮 𝔂𝓸𝓾",
    ],
)
def test_english_with_foreign_words_stays_english(text: str) -> None:
    assert detect([text]).language == "en"


def test_script_comes_before_the_clip() -> None:
    assert detect(["I am so sad today.", "我很难过。", "OK"]).utterances == ("en", "zh", "en")


def test_one_utterance_overrides_its_clip_only_when_long_and_clear() -> None:
    german = ["Ich habe dir doch gesagt, dass ich nicht mehr kommen will.", "Das ist nicht gut.", "Oh my God!"]
    assert detect(german).utterances == ("de", "de", "de")
    english = "I told him that he should have called me before he left the house."
    assert detect([*german, english]).utterances[-1] == "en"
    assert detect([english, english, german[0], "Nein!"]).utterances == ("en", "en", "de", "en")


def test_each_speaker_may_have_a_language() -> None:
    texts = [
        "Ich habe dir gesagt, dass ich nicht komme.", "Was willst du denn noch von mir?", "Ja.",
        "I know that you are angry with me.", "You should have told me about it before we left.", "Yes.",
    ]  # fmt: skip
    assert detect(texts, speakers=["a", "a", "a", "b", "b", "b"]).utterances == ("de", "de", "de", "en", "en", "en")


@pytest.mark.parametrize(("given_code", "code"), [("en", "en"), ("EN-us", "en"), ("German", "de"), ("zh_CN", "zh")])
def test_what_is_given_wins(given_code: str, code: str) -> None:
    assert detect(["我很难过。", "Yeah."], given=given_code) == (code, (code, code))


def test_what_has_no_letters_takes_the_language_of_the_clip() -> None:
    assert detect(["?!", "Мне очень грустно."]).utterances == ("ru", "ru")
    assert detect(["?!", "😭"]) == (None, (None, None))
    assert detect([]) == (None, ())


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=5))
def test_any_texts_get_one_language_each(texts: list[str]) -> None:
    reading = detect(texts)
    assert len(reading.utterances) == len(texts)
    assert detect(texts) == reading


def test_time_grows_with_the_length_and_not_faster() -> None:
    texts = [f"I told you number {n} that we were late again, didn't I?" for n in range(2000)]

    def took(n: int) -> float:
        start = time.process_time()
        detect(texts[:n])
        return time.process_time() - start

    took(100)
    assert took(2000) < 20 * max(took(200), 0.005)
