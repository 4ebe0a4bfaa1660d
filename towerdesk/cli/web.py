"""The web part: pages, API and live streams on one port."""

from config import env
from towerdesk.cli.ports import check
from towerdesk.cli.session import database, set_up_django
from towerdesk.cli.supervised import follow_supervisor

LET_GO = 3  # seconds that open requests and streams get when the desk stops


def command() -> None:
    """Serve pages, API and live streams until stopped."""
    import uvicorn

    follow_supervisor()
    check(env.host(), env.port(), "TOWERDESK_PORT")
    behind_proxy = env.flag("TOWERDESK_BEHIND_PROXY")
    with database():
        set_up_django(whole=True)
        uvicorn.run(
            "config.asgi:application",
            host=env.host(),
            port=env.port(),
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=behind_proxy,
            forwarded_allow_ips=env.text("TOWERDESK_PROXIES", "127.0.0.1") if behind_proxy else None,
            timeout_graceful_shutdown=LET_GO,
        )


if __name__ == "__main__":
    from towerdesk.cli.alone import alone

    alone(command)
