"""A browser: it keeps cookies by host, follows redirects from where it is, and fills in forms.

Separate because only here is it written what browsers make of cookies and addresses.
"""

import html
import http.client
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urljoin, urlsplit

_REDIRECTS = (301, 302, 303, 307)
_MOST = 15


@dataclass(frozen=True)
class Page:
    """What a browser shows."""

    url: str
    status: int
    text: str


class Browser:
    """One person's browser, on a machine where names lead to these ports."""

    def __init__(self, ports: Mapping[str, int]) -> None:
        self.ports = ports
        """Ports of 127.0.0.1 by what stands between `//` and the path."""
        self.cookies: dict[str, dict[str, str]] = defaultdict(dict)

    def open(self, url: str, form: Mapping[str, str] | None = None) -> Page:
        """Open a page, or send a form to it, and follow where it leads."""
        for _ in range(_MOST):
            status, location, text = self._ask(url, form)
            if status not in _REDIRECTS:
                return Page(url, status, text)
            url, form = urljoin(url, location), None
        raise AssertionError(f"{url}: redirects without end")

    def follow(self, page: Page, to: str) -> Page:
        """Follow the link of a page whose address holds a text."""
        [link] = [found for found in re.findall(r'href="([^"]+)"', page.text) if to in found]
        return self.open(urljoin(page.url, html.unescape(link)))

    def submit(self, page: Page, **fields: str) -> Page:
        """Fill in the form of a page and send it."""
        found = re.search(r'<form[^>]*action="([^"]*)"', page.text)
        assert found, page.text
        return self.open(urljoin(page.url, html.unescape(found[1])), fields)

    def _ask(self, url: str, form: Mapping[str, str] | None) -> tuple[int, str, str]:
        where = urlsplit(url)
        kept = self.cookies[str(where.hostname)]
        headers = {"host": where.netloc, "accept": "text/html", "cookie": "; ".join(f"{name}={value}" for name, value in kept.items())}
        if form is not None:
            headers["content-type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self.ports[where.netloc])
        path = f"{where.path or '/'}{'?' * bool(where.query)}{where.query}"
        connection.request("GET" if form is None else "POST", path, None if form is None else urlencode(form), headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("set-cookie") or []:
            self._keep(where.scheme, str(where.hostname), cookie)
        connection.close()
        return answer.status, answer.headers["location"] or "", text

    def _keep(self, scheme: str, host: str, cookie: str) -> None:
        pair, *attributes = (part.strip() for part in cookie.split(";"))
        name, _, value = pair.partition("=")
        # https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy
        if "secure" in map(str.lower, attributes) and scheme != "https" and host != "localhost":
            return
        if "max-age=0" in map(str.lower, attributes):
            self.cookies[host].pop(name, None)
        else:
            self.cookies[host][name] = value
