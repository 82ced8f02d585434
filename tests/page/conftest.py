"""What several files of the page's tests share.

`room`     an article with a thread for this test alone
`behind`   an article whose readers are behind a proxy; one site for each file of tests
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.page.behind import Behind
from tests.page.room import Room
from tests.services.http_proxy import HttpProxy, Mode, http_proxy
from tests.services.site import AppServer

if TYPE_CHECKING:
    from pathlib import Path

    from tests.services.chromium import Pages
    from tests.services.databases import Databases


@pytest.fixture
def room(live_site: AppServer, new_page: Pages) -> Room:
    return Room(live_site, new_page)


@pytest.fixture(scope="module")
def proxy() -> Iterator[HttpProxy]:
    with http_proxy() as proxy:
        yield proxy


@pytest.fixture(scope="module")
def site_behind(
    databases: Databases,
    _demo_database: str,
    _static_files: None,
    tmp_path_factory: pytest.TempPathFactory,
    proxy: HttpProxy,
) -> Iterator[AppServer]:
    """The site with the demo data, known by the proxy's address."""
    url = databases.create(template=_demo_database)
    directory: Path = tmp_path_factory.mktemp("site")
    site = AppServer(database_url=url, directory=directory, environment={"SITE_URL": proxy.url})
    proxy.target = site.port
    site.start()
    yield site
    site.stop()
    databases.drop(url)


@pytest.fixture
def behind(site_behind: AppServer, proxy: HttpProxy, new_page: Pages) -> Behind:
    proxy.mode = Mode.PASS
    proxy.cut()
    behind = Behind(site_behind, proxy, new_page)
    proxy.requests.clear()
    return behind
