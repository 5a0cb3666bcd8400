"""The work that test_kill.py kills; a module of its own, so that a new process can import it."""

from quotestance.records import Article
from quotestance.track.inputs import add_items, read_items
from quotestance.track.ledger import Ledger
from tests.track.making import MODEL, doc


class FakeModel:
    name, version = MODEL["name"], MODEL["version"]

    def pipe(self, articles, on_error):
        assert on_error == "yield"
        for article in articles:
            number = int(article.id.removeprefix("fiction-"))
            yield doc(number, content(number), date=article.date)


def content(number):
    # Every third quote repeats the one before it, as syndicated copies do.
    number -= number % 3 == 2
    return f"the bridge number {number} over the Marl is closed until the spring"


def article(number):
    record = doc(number, content(number))
    return {"text": record.text, "id": record.id, "outlet": record.outlet, "date": record.date}


def add(ledger, records):
    items = (
        Article(**article(int(item.id.removeprefix("fiction-")))) if index % 2 else item
        for index, item in enumerate(read_items([records], warn=print))
    )
    for _ in add_items(Ledger(ledger), items, FakeModel, batch=25):
        pass
