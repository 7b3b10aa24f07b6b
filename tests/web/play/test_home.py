from django.test import Client


def test_it_asks_for_a_pin(anyone: Client) -> None:
    answer = anyone.get("/")
    assert answer.status_code == 200
    assert 'name="pin"' in answer.content.decode()


def test_it_refuses_posts(anyone: Client) -> None:
    assert anyone.post("/").status_code == 405


def test_the_pin_form_leads_to_the_join_page(anyone: Client) -> None:
    assert anyone.get("/join", {"pin": "123 456"})["Location"] == "/join/123456"


def test_the_pin_form_takes_digits_of_other_scripts(anyone: Client) -> None:
    assert anyone.get("/join", {"pin": "١٢٣٤٥٦"})["Location"] == "/join/123456"


def test_an_empty_pin_leads_back_home(anyone: Client) -> None:
    assert anyone.get("/join", {"pin": " x "})["Location"] == "/"
