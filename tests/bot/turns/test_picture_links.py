"""Links to pictures in what people write."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.turns.picture_links import picture_links

URL = "https://example.org/cat.png"


@pytest.mark.parametrize(
    "text",
    [
        *(URL, f"What is {URL}?", f"Look: {URL}.", f"({URL})", f"<{URL}>", f"[the cat]({URL})", f"![cat]({URL})"),
        *(
            f'[cat]({URL} "A cat")',
            f"[cat]: {URL}",
            f"**{URL}**",
            f"*{URL}*, _{URL}_ and ~~{URL}~~",
            f"> {URL}\n- {URL}",
        ),
        *(
            f"| a | {URL}|",
            f"これは{URL}を見て",
            f"看{URL}，这是什么？",
            f"“{URL}”",
            f"{URL}#top",
            f"`code` {URL} `code`",
        ),
        *(f"```\ncode\n```\n{URL}", f"`` ` `` {URL}", f"a ` b {URL}"),
    ],
)
def test_a_link_is_found_in_any_markdown(text: str) -> None:
    assert picture_links(text) == (URL,)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "https://example.org/a.PNG",
            "https://example.org/a.jpg",
            "https://example.org/a.jpeg",
            "HTTPS://a.org/a.heic",
        ),
        *("https://example.org/a.webp", "https://example.org/a.gif", "https://example.org/a.png?w=1&h=(2)&u=b@c/d.zip"),
        *("https://a.org/wiki/File:Cat_(animal).jpg", "https://a.org/100%25.png", "https://a.org/猫/ねこ.jpg"),
        *(
            "https://web.archive.org/web/2020/https://a.org/a.png",
            "https://a.org:8443/a.png",
            "https://a.org/v1.png/b.jpg",
        ),
    ],
)
def test_a_link_is_taken_as_it_is(url: str) -> None:
    assert picture_links(f"see [it]({url}), please") == (url,)
    assert picture_links(f"see {url}") == (url,)


@pytest.mark.parametrize(
    "text",
    [
        *("", "cat.png", "http://example.org/cat.png", "ftp://example.org/cat.png", "https://example.org/cat.svg"),
        *("https://example.org/", "https://example.png", "https://example.org/cat.png.zip", "https://example.org/png"),
        *("https://example.org/cat.pngx", "https://example.org/cat.png/", "https://example.org/page?picture=cat.png"),
        *("https://example.org/#cat.png", "https:///cat.png", f"`{URL}`", f"``{URL} ` ``", f"```\n{URL}\n```"),
        *(f"~~~ text\n{URL}\n~~~", f"```py\n{URL}", f"> ```\n> {URL}\n> ```", f"```{URL}```", f"~~~\n```\n{URL}\n~~~"),
    ],
)
def test_what_is_no_link_to_a_picture_is_left_alone(text: str) -> None:
    assert picture_links(text) == ()


def test_a_picture_that_is_a_link_itself_is_two() -> None:
    assert picture_links("[![a](https://a.org/a.png)](https://b.org/b.jpg)") == (
        "https://a.org/a.png",
        "https://b.org/b.jpg",
    )


def test_each_link_counts_once_and_five_count_at_most() -> None:
    links = [f"https://example.org/{number}.png" for number in range(7)]
    assert picture_links(" ".join(link for link in links for _ in range(2))) == tuple(links[:5])


words = st.sampled_from(
    [URL, "https://", "`", "```", "~~~", "\n", " ", "(", ")", "[", "]", "<", ">", ".png", "a", "?", "。"]
)


@given(st.text() | st.lists(words).map("".join))
def test_any_text_yields_a_few_links_that_stand_in_it(text: str) -> None:
    links = picture_links(text)
    assert len(links) == len(set(links)) <= 5
    for link in links:
        assert link in text
        assert link[:8].lower() == "https://"
        assert picture_links(link) == (link,)


@given(st.text("abc ,.!*\n", max_size=20), st.text("abc ,.!*\n", max_size=20))
def test_a_link_between_words_is_found_and_in_code_is_not(before: str, after: str) -> None:
    assert picture_links(f"{before} {URL} {after}") == (URL,)
    assert picture_links(f"{before} `{URL}` {after}") == ()


@pytest.mark.parametrize(
    "text",
    [
        *(
            "https://(" * 5000,
            "https://" * 5000,
            "```\n" * 10_000,
            "https://x/" + ".png" * 10_000,
            "> " * 20_000,
            "`a" * 20_000,
        ),
        "".join("`" * length + " " for length in range(280)),
    ],
)
def test_a_hostile_text_takes_no_time(text: str) -> None:
    began = time.thread_time()
    picture_links(text)
    assert time.thread_time() - began < 2
