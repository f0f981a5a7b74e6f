"""What every response carries, and what every template may know about the site."""

from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

# Constant: a lifetime that shrank towards an embargo would betray it.
PUBLIC_CACHE = "public, max-age=5"
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"


class PublicHeadersMiddleware:
    """Sets the constant headers: a short public cache lifetime outside the back office, and the browser's limits."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.back_office = reverse("admin:index")

    def __call__(self, request):
        response = self.get_response(request)
        is_public = not request.path_info.startswith(self.back_office)
        response.headers.setdefault("Cache-Control", PUBLIC_CACHE if is_public else "private, no-store")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response


def site(request) -> dict:
    """The council's names and addresses, for every template."""
    return {
        "site": {
            "name": settings.SITE_NAME,
            "council": settings.COUNCIL_NAME,
            "home_city": settings.HOME_CITY,
            "url": settings.SITE_URL,
            "email": settings.CONTACT_EMAIL,
        }
    }


def text_parameter(request, name: str, *, limit: int = 200) -> str:
    """A query parameter as one line of at most ``limit`` characters, without what no database or page can hold."""
    value = "".join(c if c.isprintable() else " " for c in request.GET.get(name, "")[: limit * 4])
    return " ".join(value.split())[:limit]


def query_string(**parameters) -> str:
    """``?a=b&c=d`` from the parameters that have a value; empty without any."""
    given = {name: value for name, value in parameters.items() if value}
    return f"?{urlencode(given)}" if given else ""
