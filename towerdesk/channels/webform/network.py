"""Where a form was sent from, no finer than needed: what is counted is a network, and no single address is kept."""

from ipaddress import IPv6Address, ip_address, ip_network

UNKNOWN = "unknown"


def network_of(address: str) -> str:
    """`203.0.113.0/24`, `2001:db8:1:2::/56`: what one customer of a provider usually has, or somewhat more."""
    try:
        found = ip_address(address.strip().strip("[]").partition("%")[0])
    except ValueError:
        return UNKNOWN
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return str(ip_network(f"{found}/{24 if found.version == 4 else 56}", strict=False))
