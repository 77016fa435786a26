"""Whether a host is this machine: what every room asks before it sends anything over plain http.

It stands in the lowest room, so that all of them ask the same.
"""

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Whether a host, by name or number, is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
