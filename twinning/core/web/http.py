"""HTTP: headers, compression, parameters of addresses, and the context that every template gets."""

import re
from functools import lru_cache, wraps
from urllib.parse import urlencode, urlsplit

import brotli
from django.conf import settings
from django.middleware.gzip import GZipMiddleware
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

# Constant: a lifetime that shrank towards an embargo would betray it.
PUBLIC_CACHE = "public, max-age=5"
# For a cache in front that fetches a new answer while it sends the old one, and gives browsers PUBLIC_CACHE (deploy/nginx.conf).
# It counts whole seconds and may add a part of one: 3 + 1 + that are never more than five.
RENEWED_CACHE = f"{PUBLIC_CACHE}, s-maxage=3, stale-while-revalidate=1"
# For a file that is never another one: browsers keep it for good, caches that answer many no longer than a page.
LASTING_CACHE = f"public, max-age={365 * 24 * 60 * 60}, immutable, s-maxage=5"
# The statuses that caches may keep; not those that a request's own headers bring about, such as 400 or 412.
CACHED_STATUSES = (200, 301, 304, 404, 410)
# For one person: no cache keeps the answer, no page that it links to gets its address, no search engine lists it.
PRIVATE = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
HEALTH_CHECKS = "/healthz/"
# Asked by machines, under whatever name they know this one by.
FOR_MACHINES = (HEALTH_CHECKS, "/metrics")
# Photos and documents are compressed in themselves.
COMPRESSED_TYPES = re.compile(r"text/.+|image/svg\+xml|application/(?:[\w.-]+\+)?(?:xml|json)")
# A browser that unpacks Brotli; “br;q=0” says that it does not.
TAKES_BROTLI = re.compile(r"(?:^|,)\s*br\s*(?:,|$|;(?!\s*q=0(?:\.0*)?\s*(?:,|$)))", re.IGNORECASE)
# Texts get a little shorter than with gzip, in about its time; 5 makes them shorter by 8 %, and takes twice as long.
BROTLI_QUALITY = 4
SHORTEST_COMPRESSED = 200


def private(response):
    """Set the headers of an answer that is for one person only."""
    for name, value in PRIVATE.items():
        response.headers[name] = value
    return response


class HeadMiddleware:
    """Middleware: answers HEAD with the headers of GET and no body; gunicorn logs each answer that has one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method == "HEAD":
            setattr(response, "streaming_content" if response.streaming else "content", b"")
        return response


class CompressionMiddleware(GZipMiddleware):
    """Middleware: compresses public texts with Brotli or gzip, to a third of their bytes; nginx keeps them compressed.

    There is nothing secret in them that their length could betray (BREACH), so the same page may stay the same bytes.
    """

    max_random_bytes = 0

    def process_response(self, request, response):
        is_for_all = "public" in response.headers.get("Cache-Control", "") and response.status_code != 206
        is_text = COMPRESSED_TYPES.fullmatch(response.headers.get("Content-Type", "").partition(";")[0])
        if not (is_for_all and is_text):
            return response
        if TAKES_BROTLI.search(request.headers.get("Accept-Encoding", "")) and not response.streaming:
            return _with_brotli(response)
        return super().process_response(request, response)


def _with_brotli(response):
    """The response compressed with Brotli, if it is long enough for that."""
    if response.has_header("Content-Encoding") or len(response.content) < SHORTEST_COMPRESSED:
        return response
    patch_vary_headers(response, ["Accept-Encoding"])
    response.content = brotli.compress(response.content, quality=BROTLI_QUALITY)
    response.headers["Content-Encoding"] = "br"
    response.headers["Content-Length"] = str(len(response.content))
    if etag := response.headers.get("ETag"):  # of what was compressed, whichever way
        response.headers["ETag"] = etag if etag.startswith("W/") else f"W/{etag}"
    return response


class PublicHeadersMiddleware:
    """Middleware: sets the same headers on all public responses: a short cache lifetime, and limits for the browser.

    Public pages know nobody: a cookie, even a broken one, neither changes an answer nor is answered with another.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.back_office = reverse("admin:index")

    def __call__(self, request):
        if request.path_info.startswith(FOR_MACHINES):
            request.get_host = lambda: (
                urlsplit(settings.SITE_URL).netloc
            )  # they ask for a number or the name of a container
        is_public = not request.path_info.startswith(self.back_office)
        if is_public:
            request.COOKIES = {}
        response = self.get_response(request)
        is_cached = is_public and response.status_code in CACHED_STATUSES
        is_renewed = "stale-while-revalidate" in request.headers.get("Surrogate-Capability", "")
        lifetime = RENEWED_CACHE if is_renewed else PUBLIC_CACHE
        response.headers.setdefault("Cache-Control", lifetime if is_cached else "private, no-store")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response


class _AtSiteUrl:
    """A request with the scheme and the host of SITE_URL, whatever it was sent to."""

    def __init__(self, request):
        self._request = request
        self.scheme, self._host = urlsplit(settings.SITE_URL)[:2]

    def __getattr__(self, name):
        return getattr(self._request, name)

    def get_host(self) -> str:
        return self._host

    def is_secure(self) -> bool:
        return self.scheme == "https"


def machine_readable(view):
    """Decorator for feeds and sitemaps: the same answer for everybody.

    Its links begin with SITE_URL, whatever host and port were asked for. It says of no moment that nothing changed since:
    the newest date goes back when a release is withdrawn, and a reader would keep the release.
    """

    @require_safe
    @wraps(view)
    def at_site_url(request, *args, **kwargs):
        response = view(_AtSiteUrl(request), *args, **kwargs)
        response.headers.pop("Last-Modified", None)
        return response

    return at_site_url


def site(request=None) -> dict:
    """Context processor: the names and addresses of the council and its site."""
    return {
        "site": {
            "name": settings.SITE_NAME,
            "council": settings.COUNCIL_NAME,
            "home_city": settings.HOME_CITY,
            "url": settings.SITE_URL,
            "email": settings.CONTACT_EMAIL,
            "logo": settings.LOGO,
            "has_name_beside_logo": settings.LOGO_BESIDE_NAME,
        }
    }


@lru_cache(maxsize=10_000)
def address(view: str, *args) -> str:
    """The address of a view, as ``reverse`` has it, remembered: a page names dozens, and most of them on every visit."""
    return reverse(view, args=args)


def text_parameter(request, name: str, *, limit: int = 200) -> str:
    """A query parameter as one line of at most ``limit`` characters, without control characters."""
    value = "".join(c if c.isprintable() else " " for c in request.GET.get(name, "")[: limit * 4])
    return " ".join(value.split())[:limit]


def query_string(**parameters) -> str:
    """``?a=b&c=d`` from the parameters that have a value; empty without any."""
    given = {name: value for name, value in parameters.items() if value}
    return f"?{urlencode(given)}" if given else ""
