"""Which addresses count as public."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import FileUnusable
from bot.web.addresses import is_public, parse_https
from bot.web.pictures import PublicPictures

PRIVATE = [
    *("0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "100.127.255.255"),
    *(
        "127.0.0.1",
        "127.255.255.254",
        "169.254.0.1",
        "169.254.169.254",
        "169.254.170.2",
        "172.16.0.1",
        "172.31.255.255",
    ),
    *("168.63.129.16", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.31.196.1", "192.52.193.1", "192.88.99.1"),
    *("192.168.0.1", "192.175.48.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1"),
    *("239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1"),
    *("::ffff:8.8.8.8", "::ffff:7f00:1", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::8.8.8.8", "64:ff9b:1::1"),
    *("100::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1", "2001:10::1", "2001:20::1"),
    *("2001:db8::1", "2002:7f00:1::", "2002:a00:1::1", "2620:4f:8000::1", "3fff::1", "5f00::1", "fc00::1"),
    *("fd00:ec2::254", "fd20:ce::254", "fe80::1", "fe80::a9fe:a9fe", "fec0::1", "ff02::1", "ff0e::1"),
    *("2607:f8b0::5efe:10.0.0.1", "2607:f8b0::200:5efe:7f00:1", "2606:4700::1111%eth0", "fe80::1%1"),
]
PUBLIC = [
    *("1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "128.0.0.1", "169.253.0.1"),
    *("172.15.255.255", "172.32.0.0", "192.0.1.1", "192.167.0.1", "198.17.0.1", "198.20.0.0", "223.255.255.255"),
    *("2001:200::1", "2001:4860:4860::8888", "2606:4700:4700::1111", "2a00:1450:4001:82a::200e", "2003::1"),
]
NO_ADDRESSES = [
    *("", "localhost", "example.org", "127.1", "0x7f.1", "0177.0.0.1", "2130706433", "0x7f000001", "01.1.1.1", "1.1.1"),
    *("1.1.1.1.", " 1.1.1.1", "1.1.1.1\n", "1.1.1.256", "1.1.1.1/8", "[::1]", ":", "١.1.1.1", "1.1.1.1%eth0", "g::1"),
]


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_or_special_address_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_an_address_in_no_usual_spelling_is_not_public(text: str) -> None:
    assert not is_public(text)


@given(st.ip_addresses())
def test_what_python_calls_special_is_not_public(address: IPv4Address | IPv6Address) -> None:
    assert not (is_public(str(address)) and not address.is_global)


@given(st.sampled_from(PRIVATE + PUBLIC).filter(lambda address: ":" not in address))
def test_no_form_of_ipv6_hides_an_ipv4_address(address: str) -> None:
    number = int(IPv4Address(address))
    mapped, compatible, nat64 = 0xFFFF << 32 | number, number, 0x64_FF9B << 96 | number
    six_to_four, teredo = 0x2002 << 112 | number << 80, 0x2001_0000 << 96 | number ^ 0xFFFF_FFFF
    for hiding in (mapped, compatible, nat64, six_to_four, teredo):
        assert not is_public(str(IPv6Address(hiding)))


@pytest.mark.parametrize(
    "url",
    [
        *("http://example.org/a.png", "ftp://example.org/a.png", "file:///etc/passwd", "data:image/png;base64,AAAA"),
        *("example.org/a.png", "//example.org/a.png", "", "https://", "https:///a.png", "https:a.png", "javascript:0"),
        *(
            "https://example.org:80/a.png",
            "https://example.org:8443/",
            "https://example.org:0/",
            "https://example.org:x/",
        ),
        *(
            "https://me@example.org/",
            "https://me:pass@example.org/",
            "https://:pass@example.org/",
            "https://a@b@c.org/",
        ),
        *(
            "https://localhost/a.png",
            "https://intranet/a.png",
            "https://router./",
            "https://-a.org/",
            "https://a..org/",
        ),
        *("https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0x7f.0.0.1/", "https://0177.0.0.1/"),
        *("https://1.1.1.0x1/", "https://example.1/", "https://a%2eorg/", "https://a b.org/", "https://a\\@b.org/"),
        *("https://[::1/", "https://::1/", "https://exam\x00ple.org/", f"https://{'a' * 64}.org/"),
        *(
            f"https://{'a.' * 130}org/",
            "https://example.org/" + "a" * 4097,
            "https://①②⑦。0。0。1/",
            "https://１２７.1/",
        ),
        *("https://[fe80::1%25eth0]/", "https://[::ffff:127.0.0.1]/", "https://127.0.0.1./", "https://10.0.0.1/"),
    ],
)
async def test_no_request_is_made_for_such_an_address(url: str) -> None:
    async def look_up(_: str, __: int) -> list[tuple[str, int]]:
        raise AssertionError("was looked up")

    with pytest.raises(FileUnusable):
        await PublicPictures(look_up=look_up)(url)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://example.org/a.png", "example.org"),
        ("HTTPS://EXAMPLE.org:443/a.png?x=@:1#y", "example.org"),
        ("https://bücher.example/ä b.png", "xn--bcher-kva.example"),
        ("https://a_b.c-d.example.org./", "a_b.c-d.example.org."),
        ("https://1.1.1.1/a.png", "1.1.1.1"),
        ("https://[2606:4700:4700::1111]/a.png", "2606:4700:4700::1111"),
        ("https://4chan.org/", "4chan.org"),
    ],
)
def test_a_public_https_address_is_taken(url: str, host: str) -> None:
    assert parse_https(url).raw_host == host


@given(st.text() | st.text("0123456789.:[]@/%x-", max_size=40).map("https://{}".format))
def test_any_text_is_an_address_or_refused_in_words(text: str) -> None:
    try:
        url = parse_https(text)
    except FileUnusable as error:
        assert error.reason
    else:
        assert (url.scheme, url.port, url.user, url.password) == ("https", 443, None, None)
