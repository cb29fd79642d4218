"""The addresses that a studio is allowed to have."""

import ipaddress
import re
from urllib.parse import urlsplit

AWS_CLOSED = (
    "AWS closed Nimble Studio in October 2024. Ask your admin for your studio's own address."
)

_LONGEST = 2048
_LONGEST_HOST = 255
# The service's own hosts, those of its portals included, under the DNS suffixes of AWS's
# partitions as botocore's partitions.json gives them.
_OF_AWS = re.compile(
    r"(?:.{0,200}\.)?(?:nimble|nimble-fips|nimblestudio)\.(?:[a-z0-9-]{1,63}\.)?(?:vpce\.)?"
    r"(?:amazonaws\.com|amazonaws\.com\.cn|amazonaws\.eu|api\.aws|api\.amazonwebservices\.com\.cn"
    r"|api\.amazonwebservices\.eu|c2s\.ic\.gov|sc2s\.sgov\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)"
)


def endpoint_problem(url: str) -> str | None:
    """Return why `url` cannot be a studio's endpoint, or None if it can.

    Plain http is only for a studio on this computer; all others use https. A URL holds no user
    name, password, query or fragment. The reason never contains the URL.
    """
    if len(url) > _LONGEST or not all("!" <= character <= "~" for character in url):
        return "must be a web address without spaces or special characters"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "is not a web address"
    if parts.scheme not in {"http", "https"} or not host or port == 0:
        return "must be a web address that begins with https://"
    if "@" in parts.netloc:
        return "must not contain a user name or password"
    if parts.query or parts.fragment:
        return "must not contain ? or #"
    if parts.scheme == "http" and not is_loopback(host):
        return "must begin with https:// (http:// is only for a studio on this computer)"
    return None


def endpoint_host(url: str) -> str:
    """Return the host of a URL that has no `endpoint_problem`, in lower case."""
    return urlsplit(url).hostname or ""


def is_closed_by_aws(host: str) -> bool:
    """Return whether a host belonged to AWS's own Nimble Studio, in any partition."""
    return len(host) <= _LONGEST_HOST and bool(_OF_AWS.fullmatch(host.lower().rstrip(".")))


def is_loopback(host: str) -> bool:
    """Return whether a host name or address is this computer, without a DNS lookup."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
