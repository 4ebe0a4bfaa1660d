"""A small library and what to learn from it: three intents with examples, three articles that answer them."""

RETURNS = """You can return an item within 30 days of delivery.

1. Sign in and open **Orders**.
2. Press **Return items** and print the label.
3. Hand the parcel in at any shop of the carrier.

The money is back on your account within 5 working days after the parcel arrives.
"""
DESCALING = """Descale the Solo 2 every 3 months, or when the display shows CAL.

You need two sachets of DS-2 and one litre of lukewarm water. Descaling takes about 35 minutes.
Please do not use vinegar, because it damages the seals.
"""
INVOICES = """You find every invoice under **Orders**: choose the order and press **Invoice (PDF)**.

We keep invoices for 7 years. Invoices are sent with the tracking mail as well.
"""
ARTICLES = {
    "return-an-item": ("Return an item", RETURNS),
    "descale": ("Descale the Solo 2", DESCALING),
    "find-your-invoice": ("Find your invoice", INVOICES),
}
EXAMPLES = {
    "return-how-to": [
        "How do I return an item?",
        "I want to send the grinder back",
        "What is your return policy?",
        "How long can I return something?",
        "Where do I get a return label?",
        "I would like to give it back, it does not fit",
    ],
    "descaling": [
        "How do I descale my machine?",
        "The display says CAL",
        "How often should I descale?",
        "Can I use vinegar for the limescale?",
        "Which descaler do I need?",
        "How long does descaling take?",
    ],
    "invoice-copy": [
        "I need a copy of my invoice",
        "Where is my invoice?",
        "Please send me the receipt",
        "Can I download the bill as PDF?",
        "How long do you keep invoices?",
        "The invoice got lost",
    ],
}
QUESTION = "Hello, how long can I return an item, and how does it work?"
