"""Mails as mail programs show them, and the pages that their links lead to."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from momentum.web.mail import contest_drafts, drafts
from momentum.web.mail.contest_texts import Occasion
from momentum.web.mail.drafts import Addressee

from .accessibility import Audit
from .house import House
from .people import LAPTOP, PHONE, Crowd
from .test_fit import overflows

SITE = "https://quiz.example.org"
TOKEN = "abcdefghijklmnopqrstuv"
READER = f"""
from momentum.web.mail.models import Recipient
Recipient.objects.create(address="bob@example.org", token="{TOKEN}")
"""
OF_WHOLE_PAGES = (": region:", ": landmark-one-main:")
"""The landmarks around a mail are those of the program that shows it."""
LONG = Occasion(
    contest_id=UUID(int=7), name="The " + "Donaudampfschifffahrt" * 3, organiser="W" * 24, contest_type="standard",
    opens_at=datetime(2026, 11, 27, 23, 30, tzinfo=UTC), closes_at=datetime(2026, 12, 4, 17, tzinfo=UTC), sequence=0,
    time_zone="America/Argentina/ComodRivadavia",
)  # fmt: skip


def test_mails_fit_phones_and_laptops_in_light_and_dark(people: Crowd) -> None:
    audit = Audit()
    bob = people.new("Bob", replace(PHONE, still=True))
    url = f"{SITE}/invitation/{'x' * 200}"
    mails = {
        "an invitation": contest_drafts.invitation(LONG, url=url, message="Bring snacks.\n" + "m" * 300),
        "a reminder": contest_drafts.reminder(replace(LONG, contest_type="quick_fire"), url=url, hours=1),
        "a cancellation": contest_drafts.cancelled(LONG),
    }
    for what, draft in mails.items():
        for language in ("en", "de"):
            to = Addressee(address="bob@example.org", name="Bob" * 20, language=language)
            bob.page.set_content(drafts.preview(draft, to, site_url=SITE).html)
            audit.look(bob, f"{what}, {language}")
            bob.page.set_viewport_size({"width": 320, "height": 600})
            assert overflows(bob) == []
    audit.found = [one for one in audit.found if not any(rule in one for rule in OF_WHOLE_PAGES)]
    assert audit.passes()


def test_readers_choose_which_mails_they_get_without_signing_in(people: Crowd, house: House) -> None:
    house.manage("shell", "-c", READER)
    audit = Audit()
    bob = people.new("Bob", replace(LAPTOP, still=True))
    bob.open(f"/mail/unsubscribe/{TOKEN}/reminders")
    audit.look(bob, "before unsubscribing")
    bob.button("Unsubscribe").click()
    bob.reads("Done")
    audit.look(bob, "unsubscribed")
    bob.link("Choose which mails you get").click()
    assert not bob.page.get_by_label("Reminders").is_checked()
    assert bob.page.get_by_label("Results").is_checked()
    audit.look(bob, "preferences")
    bob.page.get_by_label("Results").uncheck()
    bob.page.get_by_label("Language").select_option("Deutsch")
    bob.button("Save").click()
    bob.sees("Gespeichert.")
    assert not bob.page.get_by_label("Ergebnisse").is_checked()
    audit.look(bob, "preferences, saved, in German")
    assert overflows(bob) == []
    assert audit.passes()
