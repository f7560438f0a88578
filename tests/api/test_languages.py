"""Problems are told in the language of whoever asks; programs go by the code, which is the same in each."""

import json

from django.utils import translation
from django.utils.translation import gettext

from tests.api.client import Api, problem
from tests.factories import make_artist, make_fan


def in_spanish(text: str, **values: object) -> str:
    with translation.override("es"):
        said = gettext(text)
    assert said != text, "locale/es has no translation of it"
    return said.format(**values)


def test_a_persons_own_language_comes_before_what_the_browser_asks_for(api: Api) -> None:
    artist = make_artist()
    fan = make_fan(artist, language="es")
    answer = api.send("PATCH", "/me", json.dumps({"name": "a\u0000b"}), fan, **{"Accept-Language": "en"})
    body = problem(answer)
    assert (body["code"], body["title"]) == ("validation_error", in_spanish("Some fields are not valid"))
    assert answer.headers["Content-Language"] == "es"
    assert fan.user.name == "Robin"


def test_without_a_login_the_browser_is_asked(api: Api) -> None:
    answer = api.client.get("/api/v1/artists/nobody-at-all", headers={"Accept-Language": "es-MX, en;q=0.5"})
    assert problem(answer)["detail"] == in_spanish("There is no such artist.")


def test_a_language_that_we_do_not_have_is_answered_in_english(api: Api) -> None:
    fan = make_fan(make_artist(), language="tlh")
    assert problem(api.get("/artists/nobody-at-all/usage", fan))["detail"] == "There is no such artist."


def test_one_answer_does_not_set_the_language_of_the_next(api: Api) -> None:
    artist = make_artist()
    spanish, english = make_fan(artist, language="es"), make_fan(artist, language="en")
    for fan, told in ((spanish, in_spanish("Not found")), (english, "Not found"), (spanish, in_spanish("Not found"))):
        assert problem(api.get("/artists/nobody-at-all/usage", fan))["title"] == told
