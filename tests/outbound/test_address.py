"""What may be asked: URLs are taken apart strictly, and only public addresses pass."""

from ipaddress import IPv6Address, ip_network
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from oversight.outbound.address import DEFAULT_PORTS, Target, follow, is_public, parse_url
from oversight.outbound.failure import FetchError

BASE = Target("https", "council.example", 443, "/news/feed.xml")

NEVER_PUBLIC = [
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.2.0/24"),
    *("192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32"),
    *("::/96", "::1/128", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/32", "2001:db8::/32"),
    *("2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
]

REFUSED = [
    *("", "council.example", "//council.example/", "/feed", "http:", "http://", "http:///feed", "http://:80/"),
    *("ftp://council.example/", "file:///etc/passwd", "gopher://a/", "data:,x", "javascript:alert(1)"),
    *("http+unix://%2Fvar/", "HTTPS+x://a/", "http://user@council.example/", "http://user:pass@council.example/"),
    *("http://@council.example/", "http://council.example\\@evil.example/", "http:\\\\council.example/"),
    *("http://council.example/a b", " http://council.example/", "http://council.example/\r\nX: 1", "ht\ttp://a/"),
    *("http://council.example/\x00", "http://council.example/\x85", "http://council.example/\u2028"),
    *(
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://0/",
        "http://1.2.3.4.5/",
    ),
    *("http://0x7f.0.0.1/", "http://127.0.0.0x1/", "http://127.0.0.1./", "http://council.example./", "http://a..b/"),
    *(
        "http://127%E3%80%820%E3%80%820%E3%80%821/",
        "http://127。0。0。1/",
        "http://①②⑦.0.0.1/",
        "http://münchen.example/",
    ),
    *(
        "http://[::1",
        "http://::1/",
        "http://[::1]x/",
        "http://x[::1]/",
        "http://[0:0:0:0:0:0:0:1]/",
        "http://[fe80::1%25eth0]/",
    ),
    *(
        "http://[v1.x]/",
        "http://[127.0.0.1]/",
        "http://-a.example/",
        "http://a-.example/",
        f"http://{'a' * 64}.example/",
    ),
    *(
        f"http://{'a.' * 130}example/",
        "http://a:65536/",
        "http://a:-1/",
        "http://a:8o/",
        "http://a:80:80/",
        "http://a:٨٠/",
    ),
    *(f"http://council.example/{'a' * 2000}", f"http://council.example/{'ñ' * 400}", "http://\u212aouncil.example/"),
    *("http://council.example/\ud800", "http://a,b/", "http://a%2eb/", "http://a;b/", "http://a'b/"),
]


@pytest.mark.parametrize("url", REFUSED, ids=ascii)
def test_a_url_that_readers_could_understand_differently_is_refused(url: str) -> None:
    with pytest.raises(FetchError) as failure:
        parse_url(url)
    assert failure.value.outcome == "blocked_address"


def test_the_message_of_a_refused_url_does_not_repeat_its_password() -> None:
    with pytest.raises(FetchError) as failure:
        parse_url("http://clerk:hunter2@council.example/")
    assert "hunter2" not in str(failure.value)


@pytest.mark.parametrize(
    ("url", "rebuilt"),
    [
        ("HTTP://Council.Example", "http://council.example/"),
        ("http://council.example:80/a", "http://council.example/a"),
        ("https://council.example:443/a", "https://council.example/a"),
        ("https://council.example:/a", "https://council.example/a"),
        ("https://council.example:8443/a?b=1#c", "https://council.example:8443/a?b=1"),
        ("http://council.example?b=1", "http://council.example/?b=1"),
        ("http://council.example#@evil.example", "http://council.example/"),
        ("http://council.example/ñ?q=ñ", "http://council.example/%C3%B1?q=%C3%B1"),
        ("http://council.example/%0d%0aX:1", "http://council.example/%0d%0aX:1"),
        ("http://93.184.215.14:0080/", "http://93.184.215.14/"),
        ("http://[2606:4700::1111]:8080/", "http://[2606:4700::1111]:8080/"),
        ("http://xn--mnchen-3ya.example/", "http://xn--mnchen-3ya.example/"),
    ],
)
def test_a_url_is_rebuilt_from_its_parts(url: str, rebuilt: str) -> None:
    assert parse_url(url).url == rebuilt


HOSTS = st.text("abcdef0123456789xX.-_:[]@%\\。ñK/#?", max_size=20) | st.ip_addresses().map(str)
ODD_URLS = st.builds(
    "{}://{}{}{}".format,
    st.sampled_from(["http", "https", "HTTP", "ftp", "file"]),
    HOSTS | HOSTS.map("[{}]".format),
    st.sampled_from(["", ":80", ":8443", ":", ":0", ":99999", ":x"]),
    st.text(max_size=30),
)


@given(ODD_URLS | st.text())
@example("http://ſ.example/")
def test_what_is_accepted_is_asked_of_the_host_that_is_connected_to(url: str) -> None:
    try:
        target = parse_url(url)
    except FetchError:
        return
    parts = urlsplit(target.url)
    assert (parts.scheme, parts.hostname) == (target.scheme, target.host)
    assert (parts.port or DEFAULT_PORTS[target.scheme] if parts.port != 0 else 0) == target.port
    assert parse_url(target.url) == target
    assert f"{target.url}{target.authority}".isascii()
    assert target.url.isprintable()


@given(st.text() | ODD_URLS)
@example("http://[::1")
@example("//[")
def test_a_redirect_leads_to_a_target_or_is_a_bad_redirect(location: str) -> None:
    try:
        target = follow(BASE, location)
    except FetchError as error:
        assert error.outcome == "bad_redirect"
    else:
        assert parse_url(target.url) == target


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/b", "https://council.example/b"),
        ("b?c", "https://council.example/news/b?c"),
        ("//other.example/b", "https://other.example/b"),
        ("https://other.example:8443/b#c", "https://other.example:8443/b"),
        ("/ñ".encode().decode("latin-1"), "https://council.example/%C3%B1"),
    ],
)
def test_a_redirect_may_be_relative(location: str, url: str) -> None:
    assert follow(BASE, location).url == url


@pytest.mark.parametrize("location", ["http://council.example/", "ftp://council.example/", "/\t/evil.example", "/a b"])
def test_a_redirect_may_not_leave_https_or_hold_blanks(location: str) -> None:
    with pytest.raises(FetchError) as failure:
        follow(BASE, location)
    assert failure.value.outcome == "bad_redirect"


@given(st.sampled_from(NEVER_PUBLIC).flatmap(lambda network: st.ip_addresses(network=network)))
@example(IPv6Address("::ffff:8.8.8.8"))
def test_no_address_of_a_reserved_range_is_public(address: object) -> None:
    assert not is_public(str(address))


@pytest.mark.parametrize("network", NEVER_PUBLIC)
def test_the_ends_of_a_reserved_range_are_not_public(network: str) -> None:
    assert not is_public(str(ip_network(network)[0]))
    assert not is_public(str(ip_network(network)[-1]))


@given(st.ip_addresses(v=4), st.sampled_from([0xFFFF << 32, 0, 0x64FF9B << 96, 0x2002 << 112]))
def test_an_ipv4_address_wrapped_in_ipv6_is_not_public(address: object, prefix: int) -> None:
    shift = 80 if prefix >> 112 == 0x2002 else 0
    assert not is_public(str(IPv6Address(prefix | int(address) << shift)))  # type: ignore[call-overload]


@pytest.mark.parametrize("address", ["93.184.215.14", "8.8.8.8", "100.63.255.255", "100.128.0.0", "2606:4700::1111"])
def test_an_ordinary_address_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("text", ["", "council.example", "fe80::1%eth0", "1.2.3", "2130706433"])
def test_what_is_no_address_is_not_public(text: str) -> None:
    assert not is_public(text)
