"""What failed logins are counted by."""

import hashlib
import ipaddress

from app.auth.settings import AuthSettings


def limits(account: str, address: str, settings: AuthSettings) -> dict[str, int]:
    """Return the keys that a failed login counts for, and how many each allows."""
    return {
        hashed("pair", account, address): settings.auth_limit_pair,
        hashed("account", account): settings.auth_limit_account,
        hashed("address", address): settings.auth_limit_address,
    }


def hashed(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def network_of(host: str) -> str:
    """Return the address that is counted: an IPv6 one by its /64."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 4:
        return host
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))
