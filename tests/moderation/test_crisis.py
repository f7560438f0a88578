"""The crisis floor: it fires on what people at risk write, in each language, and not on figures of speech."""

import json
import re
from pathlib import Path

import pytest

import moderation
from moderation.contracts import Action, RuleSpec
from moderation.crisis import crisis_notice, floor_rules
from moderation.text.ruleset import Ruleset

FLOOR = Ruleset(floor_rules())
DATA = Path(moderation.__file__).parent / "data"


@pytest.mark.parametrize(
    "text",
    [
        "I want to die",
        "i just wanna die tbh",
        "honestly i don’t want to be here anymore",
        "I'm going to KILL MYSELF tonight",
        "k i l l m y s e l f",
        "i want to k1ll myse1f",
        "I\u200b want\u200b to\u200b d\u200bi\u200be",
        "been thinking about suicide lately",
        "I feel suicidal, please help",
        "I keep cutting myself and nobody knows",
        "there is no reason to live",
        "everyone would be better off without me",
        "my friend wants to... no, I want to end my life",
        "me quiero morir",
        "Ya no quiero vivir más",
        "voy a suicidarme esta noche",
        "죽고 싶어요",
        "나 진짜 죽고싶다",
        "자살하고 싶어",
        "살기 싫어졌어",
        "J’ai envie de mourir",
        "je veux me suicider",
        "je ne veux plus vivre",
        "Ich will nicht mehr leben",
        "ich denke an Selbstmord",
        "ich bringe mich um",
        "eu quero morrer",
        "não quero mais viver",
        "quero me matar",
        "voglio morire",
        "もう死にたいです",
        "我不想活了",
        "我真的想自杀啊",
    ],
)
def test_a_person_at_risk_is_heard(text: str) -> None:
    verdict = FLOOR.check_input(text)
    assert verdict.action is Action.CRISIS
    assert verdict.categories == ("self_harm",)


@pytest.mark.parametrize(
    "text",
    [
        "this song kills me",
        "I'm dying of laughter",
        "you killed it last night!!",
        "where is the kill switch?",
        "I could kill for a pizza",
        "my mum is going to kill me lol",
        "dead tired after the show",
        "to die for, that dress",
        "these shoes are killing me",
        "I'm killing myself laughing",
        "I wanna die of embarrassment",
        "I don't want to die without seeing you live",
        "loved Suicide Squad",
        "Live and Let Die is my favourite Bond song",
        "ran 5 kms this morning",
        "cutting myself some cake",
        "I died when you waved at me",
        "the battery died",
        "long live the queen",
        "me muero de risa",
        "me quiero morir de risa",
        "te quiero a morir",
        "배고파 죽겠어",
        "웃겨 죽겠다 ㅋㅋㅋ",
        "어제 자살골 넣었어",
        "je suis mort de rire",
        "ça va me tuer, cette chanson",
        "ich lach mich tot",
        "das Lied ist zum Sterben schön",
        "estou morrendo de rir",
        "isso vai me matar de rir",
        "muoio dal ridere",
        "超おもしろくて死ぬ",
        "想死你了！",
        "笑死我了",
    ],
)
def test_a_figure_of_speech_is_no_crisis(text: str) -> None:
    assert FLOOR.check_input(text).allowed


def test_an_expression_beside_a_real_cry_does_not_hide_it() -> None:
    assert FLOOR.check_input("killing myself laughing. no. i want to kill myself").action is Action.CRISIS


def test_a_crisis_outranks_a_block() -> None:
    rules = Ruleset([*floor_rules(), RuleSpec("b", "pizza", Action.BLOCK)])
    verdict = rules.check_input("no pizza helps, I want to die")
    assert verdict.action is Action.CRISIS
    assert "b" in verdict.rule_ids


def test_the_floor_has_at_least_the_promised_languages_and_no_phrase_twice() -> None:
    ids = [rule.id for rule in floor_rules()]
    assert {"en", "es", "ko", "fr", "de", "pt"} <= {identifier.split(":")[1] for identifier in ids}
    assert len(set(ids)) == len(ids)
    phrases = [(rule.id.split(":")[1], rule.phrase) for rule in floor_rules()]
    assert len(set(phrases)) == len(phrases)


@pytest.mark.parametrize(
    ("country", "number"),
    [
        ("US", "988"),
        ("CA", "988"),
        ("GB", "116123"),
        ("IE", "116123"),
        ("FR", "3114"),
        ("DE", "08001110111"),
        ("KR", "109"),
        ("ES", "024"),
        ("AU", "131114"),
    ],
)
def test_the_first_line_is_the_countrys_own(country: str, number: str) -> None:
    notice = crisis_notice(country, "en")
    assert notice.actions[0].href == f"tel:{number}"
    assert notice.actions[-1].href.startswith("https://")


def test_an_unknown_country_gets_the_international_finders() -> None:
    notice = crisis_notice("", "en")
    assert [link.href for link in notice.actions] == ["https://findahelpline.com/", "https://befrienders.org/"]
    assert crisis_notice("ZZ", "en") == notice


def test_the_words_follow_the_fans_language_and_the_lines_her_country() -> None:
    notice = crisis_notice("gb", "ko-KR")
    assert notice.title == crisis_notice("KR", "ko").title
    assert notice.actions[0].href == "tel:116123"
    assert "Samaritans" in notice.actions[0].label
    assert crisis_notice("GB", "xx").title == crisis_notice("GB", "en").title == crisis_notice("GB", "").title


def test_every_notice_is_complete_in_every_language_and_country() -> None:
    languages = json.loads((DATA / "notice_texts.json").read_text(encoding="utf-8"))["languages"]
    countries = json.loads((DATA / "help_resources.json").read_text(encoding="utf-8"))["countries"]
    for language in languages:
        for country in ["", *countries]:
            notice = crisis_notice(country, language)
            assert notice.title
            assert notice.text
            assert len(notice.actions) >= 2
            for link in notice.actions:
                assert re.match(r"(tel:[0-9*]+|sms:[0-9]+(\?body=[A-Z]+)?|https://\S+)$", link.href)
                assert "{" not in link.label
