"""The demo company's shop: a process of its own, with its own database, that the desk calls by HTTP."""

from config import env
from towerdesk.cli.alone import alone
from towerdesk.cli.demo.shop.books import Books
from towerdesk.cli.demo.shop.seed import seed
from towerdesk.cli.demo.shop.server import Shop
from towerdesk.cli.supervised import follow_supervisor


def command() -> None:
    follow_supervisor()
    books = Books(env.data_dir() / "shop.sqlite3")
    seed(books)
    with Shop(books, env.secret("shop"), env.demo_shop_port()) as shop:
        shop.serve_forever()


if __name__ == "__main__":
    alone(command)
