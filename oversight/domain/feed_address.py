"""Which addresses are one and the same, although they are written differently."""

from urllib.parse import parse_qsl, urlsplit


def canonical(url: str) -> str:
    """What two spellings of one address share: no scheme, `www.`, fragment or final slash; parameters in order.

    It is for comparing only. Raises nothing: what is no address stands for itself.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:
        return url.strip()
    place = host if port in (None, 80, 443) else f"{host}:{port}"
    asked = "&".join(sorted(f"{name}={value}" for name, value in parse_qsl(parts.query, keep_blank_values=True)))
    return f"{place}{parts.path.rstrip('/')}?{asked}".rstrip("?")
