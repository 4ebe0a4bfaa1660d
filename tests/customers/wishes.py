"""What customers of the shop want, how each of them says so, and what the shop's books must look like afterwards."""

import sqlite3
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from towerdesk.cli.demo.shop import look

KINDS = {
    "polite": 0.22, "terse": 0.18, "wrong number": 0.12, "another's order": 0.08, "changed mind": 0.12,
    "out of policy": 0.16, "hostile": 0.12,
}  # fmt: skip
LANGUAGES = ("en", "en", "en", "en", "de", "de", "fr", "es")
WISHES = ("cancel", "address", "pause", "end", "weeks", "invoice", "status", "return")
PLACES = (("Lindenstraße 12", "10969 Berlin"), ("8 rue des Tilleuls", "75002 Paris"), ("Havenkade 44", "Utrecht"))

OPEN = {
    "cancel": {
        "en": ("I would like to cancel my order{o}.", "Please cancel order{o}, I ordered by mistake."),
        "de": ("Ich möchte meine Bestellung{o} stornieren.", "Bitte stornieren Sie die Bestellung{o}."),
        "fr": ("Je voudrais annuler ma commande{o}.",),
        "es": ("Quiero cancelar mi pedido{o}.",),
    },
    "address": {
        "en": ("Please change the delivery address of my order{o}.", "I gave the wrong address for order{o}."),
        "de": ("Bitte ändern Sie die Lieferadresse meiner Bestellung{o}.",),
        "fr": ("Je voudrais changer l'adresse de livraison de ma commande{o}.",),
        "es": ("Quiero cambiar la dirección de entrega de mi pedido{o}.",),
    },
    "pause": {
        "en": ("Please pause my coffee subscription.", "Can you put my bean subscription on hold?"),
        "de": ("Bitte pausieren Sie mein Kaffee-Abonnement.",),
        "fr": ("Je voudrais suspendre mon abonnement de café.",),
        "es": ("Quiero pausar mi suscripción de café.",),
    },
    "end": {
        "en": ("I want to cancel my bean subscription.", "Please end my coffee subscription."),
        "de": ("Ich möchte mein Kaffee-Abonnement kündigen.",),
        "fr": ("Je voudrais résilier mon abonnement de café.",),
        "es": ("Quiero dar de baja mi suscripción de café.",),
    },
    "weeks": {
        "en": ("Please change my coffee subscription to a delivery every four weeks.",),
        "de": ("Bitte ändern Sie mein Kaffee-Abonnement: Lieferung alle vier Wochen.",),
        "fr": ("Je voudrais changer mon abonnement de café : livraison toutes les quatre semaines.",),
        "es": ("Quiero cambiar mi suscripción de café: entrega cada cuatro semanas.",),
    },
    "invoice": {
        "en": ("I need a copy of the invoice for order{o}.", "Please send me the invoice of{o} once more."),
        "de": ("Ich brauche eine Kopie der Rechnung zur Bestellung{o}.",),
        "fr": ("J'ai besoin d'une copie de la facture de la commande{o}.",),
        "es": ("Necesito una copia de la factura del pedido{o}.",),
    },
    "status": {
        "en": ("Where is my order{o}?", "Has order{o} been sent yet?"),
        "de": ("Wo bleibt mein Paket{o}?", "Wo ist meine Bestellung{o}?"),
        "fr": ("Où en est ma commande{o} ?",),
        "es": ("¿Dónde está mi pedido{o}?",),
    },
    "return": {
        "en": ("I want to return an item from order{o}: the {i}, I don't need it any more.",),
        "de": ("Ich möchte aus der Bestellung{o} zurückschicken: {i}. Das brauche ich nicht.",),
        "fr": ("Je voudrais renvoyer un article de la commande{o} : {i}. Il ne me plaît pas.",),
        "es": ("Quiero devolver un artículo del pedido{o}: {i}. Ya no lo necesito.",),
    },
}
HELLO = {"en": "Hello,\n\n", "de": "Guten Tag,\n\n", "fr": "Bonjour,\n\n", "es": "Hola:\n\n"}
BYE = {
    "en": "\n\nMany thanks and kind regards\n", "de": "\n\nVielen Dank und freundliche Grüße\n",
    "fr": "\n\nMerci beaucoup, cordialement\n", "es": "\n\nMuchas gracias y un saludo\n",
}  # fmt: skip
ANGER = {
    "en": ("This is ridiculous, what a useless shop!! ", "I am furious. "),
    "de": ("Unverschämt, was hier läuft!! ", "Ich bin wütend. "),
    "fr": ("C'est scandaleux !! ", "Inadmissible. "),
    "es": ("¡¡Es vergonzoso!! ", "Inaceptable. "),
}
YES = {
    "en": ("Yes", "yes please", "Yes, go ahead.", "ok do it"), "de": ("Ja", "Ja, bitte.", "Ja, machen Sie das."),
    "fr": ("Oui", "Oui, allez-y."), "es": ("Sí", "Sí, adelante."),
}  # fmt: skip
NO = {
    "en": ("No, I changed my mind.", "no, leave it"), "de": ("Nein, doch nicht.", "Nein, lassen Sie es."),
    "fr": ("Non merci, j'ai changé d'avis.",), "es": ("No, mejor no.",),
}  # fmt: skip
WHY = {"en": "I don't need it", "de": "Das brauche ich nicht"}
UNTIL = {"en": "until {d}", "de": "bis {d}", "fr": "jusqu'au {d}", "es": "hasta el {d}"}


@dataclass
class Customer:
    """`order`, `item`, `subscription` are what they really mean; `may`: our rules allow what they want."""

    name: str
    mail: str
    account: str
    kind: str
    wish: str
    language: str
    order: str = ""
    item: str = ""
    item_name: str = ""
    subscription: str = ""
    country: str = ""
    said_order: str = ""  # what they write as its number, first
    until: str = ""
    street: str = ""
    city: str = ""
    may: bool = True
    told: dict[str, str] = field(default_factory=dict)  # what they have said so far, by slot

    def first_words(self, chance: Random) -> str:
        says_it = self.kind not in ("polite",) or self.wish in ("invoice", "status", "return") or chance.random() < 0.5
        number = f" {self.said_order}" if self.said_order and (says_it or self.kind == "wrong number") else ""
        if number:
            self.told["order"] = self.said_order
        words = chance.choice(OPEN[self.wish][self.language]).format(o=number, i=self.item_name)
        if self.wish == "address" and chance.random() < 0.5:
            words += f"\n{self._address()}"
        if self.wish == "pause" and chance.random() < 0.5:
            words += f" {self._until()}."
        if self.kind == "terse":
            return words
        if self.kind == "hostile":
            return chance.choice(ANGER[self.language]) + words
        return HELLO[self.language] + words + BYE[self.language] + self.name

    def answers(self, stop: str, missing: list[str], chance: Random) -> str:
        if stop == "confirm":
            return chance.choice((NO if self.kind == "changed mind" else YES)[self.language])
        return "\n".join(line for name in missing if (line := self._says(name))) or "?"

    def _says(self, name: str) -> str:
        if name == "order":
            number = self.said_order if self.kind == "another's order" else self.order
            self.told["order"] = number
            return number
        said = {"address": self._address, "until": self._until, "item": lambda: self.item_name,
                "subscription": lambda: self.subscription, "wish": lambda: self.wish,
                "reason": lambda: WHY.get(self.language, "changed my mind")}  # fmt: skip
        return said[name]() if name in said else ""

    def _address(self) -> str:
        self.told["address"] = self.street
        return f"{self.street}, {self.city}"

    def _until(self) -> str:
        self.told["until"] = self.until
        return UNTIL[self.language].format(d=self.until)


def customers(link: sqlite3.Connection, today: date, number: int, seed: int) -> list[Customer]:
    """Each has an account of their own, so that what one does never touches another."""
    chance = Random(seed)
    accounts = link.execute("SELECT * FROM accounts ORDER BY account").fetchall()
    chance.shuffle(accounts)
    found: list[Customer] = []
    wishes = [WISHES[at % len(WISHES)] for at in range(number * 3)]
    kinds = chance.choices(list(KINDS), weights=list(KINDS.values()), k=number * 3)
    for account in accounts:
        if len(found) == number:
            break
        wish, kind = wishes[len(found)], kinds[len(found)]
        made = _customer(link, account, wish, kind, today, chance, accounts)
        if made:
            found.append(made)
    return found


def _customer(link, account, wish, kind, today, chance, accounts) -> Customer | None:
    wish, kind = _sensible(wish, kind)
    language = chance.choice(LANGUAGES)
    one = Customer(
        account["name"], account["mail"], account["account"], kind, wish, language, country=account["country"]
    )
    if wish in ("pause", "end", "weeks"):
        return _subscriber(link, one, today, chance)
    orders = look.orders(link, one.account)["orders"]
    want_forbidden = kind == "out of policy"
    fitting = [order for order in orders if _may(link, order, wish, today) != want_forbidden]
    if not fitting:
        return None
    order = chance.choice(fitting)
    one.order, one.said_order, one.may = order["order"], order["order"], not want_forbidden
    if wish == "return":
        items = [item for item in look.items(link, one.order) if item["kind"] not in ("beans", "filter")]
        if not items or (want_forbidden and order["status"] == "delivered" and not _late(link, one.order, today)):
            return None
        one.item, one.item_name = items[0]["item"], items[0]["name"]
    if kind == "wrong number":
        one.said_order = f"B-{chance.randint(10000, 17999)}"
    if kind == "another's order":
        one.said_order = _of_another(link, one.account, wish, today, chance)
        one.may = False
    one.street, one.city = chance.choice(PLACES)
    return one


def _sensible(wish: str, kind: str) -> tuple[str, str]:
    """Nobody needs an order's number to pause a subscription, and nobody is asked for a yes before a status."""
    if kind in ("wrong number", "another's order") and wish in ("pause", "end", "weeks"):
        wish = {"pause": "cancel", "end": "invoice", "weeks": "address"}[wish]
    if wish == "status" and kind in ("changed mind", "out of policy"):
        wish = "cancel"
    return wish, ("polite" if wish in ("end", "weeks") and kind == "out of policy" else kind)


def _subscriber(link, one: Customer, today: date, chance: Random) -> Customer | None:
    rows = link.execute("SELECT * FROM subscriptions WHERE account = ?", [one.account]).fetchall()
    if not rows or rows[0]["status"] != "active" or (one.wish == "weeks" and rows[0]["every_weeks"] == 4):
        return None
    one.subscription, one.may = rows[0]["subscription"], one.kind != "out of policy"
    days = 7 * chance.randint(2, 10) if one.may else 7 * chance.randint(16, 30)
    one.until = (today + timedelta(days=days)).isoformat()
    return one


def _may(link, order, wish: str, today: date) -> bool:
    status = order["status"]
    if wish in ("cancel", "address"):
        return status == "confirmed"
    if wish == "invoice":
        return status in ("shipped", "delivered")
    if wish == "return":
        return status == "delivered" and not _late(link, order["order"], today) and not _refunded(link, order["order"])
    return True


def _late(link, number: str, today: date) -> bool:
    return not look.order(link, number, today)["returnable"]


def _refunded(link, number: str) -> bool:
    return look.refunded(link, number) > 0


def _of_another(link, account: str, wish: str, today: date, chance: Random) -> str:
    """One with which the wish would be allowed, were it theirs."""
    rows = link.execute("SELECT * FROM orders WHERE account <> ? ORDER BY number DESC LIMIT 3000", [account]).fetchall()
    fitting = [
        row["number"] for row in rows if _may(link, {"order": row["number"], "status": row["status"]}, wish, today)
    ]
    return chance.choice(fitting)


def expected(one: Customer) -> set[tuple[str, ...]]:
    """The changes in the books that are right, as `changes` lists them."""
    if not one.may or one.kind == "changed mind":
        return set()
    return {
        "cancel": {("orders", one.order, "status", "cancelled"), ("refunds", one.order)},
        "address": {("orders", one.order, "street", one.street), ("orders", one.order, "city", one.city)},
        "pause": {("subscriptions", one.subscription, name, value) for name, value in
                  (("status", "paused"), ("paused_until", one.until), ("next_on", one.until))},
        "end": {("subscriptions", one.subscription, "status", "ended"), ("subscriptions", one.subscription, "next_on", "None")},
        "weeks": {("subscriptions", one.subscription, "every_weeks", "4")},
        "invoice": {("letters", one.order, one.mail)},
        "status": set(),
        "return": {("labels", one.item)},
    }[one.wish]  # fmt: skip


def books_of(link: sqlite3.Connection) -> dict[tuple[str, ...], str]:
    """All that could be changed, one value a line."""
    found: dict[tuple[str, ...], str] = {}
    for row in link.execute("SELECT number, status, street, city FROM orders"):
        for name in ("status", "street", "city"):
            found["orders", row["number"], name] = str(row[name])
    for row in link.execute("SELECT * FROM subscriptions"):
        for name in ("blend", "bag", "every_weeks", "grind", "status", "paused_until", "next_on"):
            found["subscriptions", row["subscription"], name] = str(row[name])
    for row in link.execute("SELECT refund, number FROM refunds"):
        found["refunds", row["number"], row["refund"]] = ""
    for row in link.execute("SELECT label, item FROM labels"):
        found["labels", row["item"], row["label"]] = ""
    for row in link.execute("SELECT letter, number, mail FROM letters"):
        found["letters", row["number"], row["mail"], str(row["letter"])] = ""
    return found


def changes(before: dict[tuple[str, ...], str], after: dict[tuple[str, ...], str]) -> set[tuple[str, ...]]:
    """Rows that came without the number that they were given; values with what they are now."""
    found: set[tuple[str, ...]] = set()
    for key, value in after.items():
        if before.get(key) != value or key not in before:
            found.add((*key, value) if key[0] in ("orders", "subscriptions") else key[:-1])
    return found | {("gone", *key) for key in before if key not in after}
