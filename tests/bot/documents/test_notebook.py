"""Notebooks are read as words, code and output."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.documents import notebook
from bot.domain.errors import FileUnusable
from bot.domain.files import Flaw
from tests.bot.documents.office_files import texts


def made(*cells: object, **more: object) -> bytes:
    return json.dumps({"cells": cells, "nbformat": 4, **more}).encode()


def test_words_code_and_printed_output_come_in_order() -> None:
    outputs = [
        {"output_type": "stream", "text": ["4", "2\n"]},
        {"output_type": "execute_result", "data": {"text/plain": "nonce", "image/png": "aaaa"}},
        {"output_type": "error", "traceback": ["\x1b[31mValueError\x1b[0m: no"]},
    ]
    content = made(
        {"cell_type": "markdown", "source": ["# Plan\n", "words"]},
        {"cell_type": "code", "source": "print(6 * 7)", "outputs": outputs},
        metadata={"language_info": {"name": "python"}},
    )
    (text,) = texts(notebook.read(content))
    assert text == (
        "# Plan\nwords\n\n```python\nprint(6 * 7)\n```\n\nOutput:\n\n```\n42\n```\n\n"
        "Output:\n\n```\nnonce\n```\n\nOutput:\n\n```\nValueError: no\n```"
    )


def test_long_output_is_cut_and_its_length_stated() -> None:
    (text,) = texts(notebook.read(made({"cell_type": "code", "source": "x", "outputs": [{"text": "y" * 9_000}]})))
    assert text.count("y") == 4_000
    assert "9,000 characters" in text


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"cells": 3}', b"[" * 100_000, b"9" * 100_000])
def test_what_is_no_notebook_says_so(content: bytes) -> None:
    with pytest.raises(FileUnusable) as caught:
        notebook.read(content)
    assert caught.value.flaw is Flaw.BROKEN


_anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["cell_type", "source", "outputs", "data", "text", "traceback"]), inner)
    ),
)


@given(st.lists(_anything, max_size=4))
def test_no_cell_can_fail(cells: list[object]) -> None:
    assert all(isinstance(text, str) for text in texts(notebook.read(made(*cells))))
