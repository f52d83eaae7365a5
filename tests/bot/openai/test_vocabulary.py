"""The vocabulary is installed from a package that pip finds, or the reason is told."""

import hashlib
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.openai import vocabulary

CONTENT = b"aGVsbG8= 0\n"


@pytest.fixture(autouse=True)
def small_vocabulary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "SHA256", hashlib.sha256(CONTENT).hexdigest())
    monkeypatch.setattr(vocabulary, "SOURCES", (("first==1.0", "first/data"), ("second==1.0", "second/data")))


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str, bytes], None]:
    """Puts packages, one file in each, into the only folder in which pip looks."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")

    def publish(name: str, member: str, content: bytes) -> None:
        with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
            wheel.writestr(member, content)
            wheel.writestr(f"{name}-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
            wheel.writestr(f"{name}-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")

    return publish


def test_the_vocabulary_comes_out_of_a_package(
    tmp_path: Path, index: Callable[[str, str, bytes], None], capsys: pytest.CaptureFixture[str]
) -> None:
    index("first", "first/data", CONTENT)
    folder = tmp_path / "share" / "tiktoken"
    assert vocabulary.main([str(folder)]) is None
    assert [file.name for file in folder.iterdir()] == [vocabulary.FILE]
    assert (folder / vocabulary.FILE).read_bytes() == CONTENT
    assert f"is now in {folder}" in capsys.readouterr().out


def test_a_second_package_helps_out(tmp_path: Path, index: Callable[[str, str, bytes], None]) -> None:
    index("first", "first/data", b"something else")
    index("second", "second/data", CONTENT)
    assert vocabulary.install(tmp_path)
    assert (tmp_path / vocabulary.FILE).read_bytes() == CONTENT


def test_what_is_there_already_is_not_fetched_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / vocabulary.FILE).write_bytes(CONTENT)
    assert vocabulary.main([str(tmp_path)]) is None
    assert "was already in" in capsys.readouterr().out


def test_a_damaged_file_is_replaced(tmp_path: Path, index: Callable[[str, str, bytes], None]) -> None:
    index("first", "first/data", CONTENT)
    (tmp_path / vocabulary.FILE).write_bytes(CONTENT[:5])
    assert vocabulary.install(tmp_path)
    assert (tmp_path / vocabulary.FILE).read_bytes() == CONTENT


def test_failure_names_each_package_and_its_reason(tmp_path: Path, index: Callable[[str, str, bytes], None]) -> None:
    index("first", "first/other", CONTENT)
    problem = vocabulary.main([str(tmp_path)])
    assert problem is not None
    assert problem.startswith("Tokens will be estimated")
    assert "first==1.0: it is not in first-1.0-py3-none-any.whl" in problem
    assert "second==1.0: ERROR: No matching distribution found" in problem
    assert not (tmp_path / vocabulary.FILE).exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    problem = vocabulary.main([str(in_the_way)])
    assert problem is not None
    assert str(in_the_way) in problem


def test_it_is_a_command(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bot.openai.vocabulary", str(tmp_path / "file" / "folder")]
    (tmp_path / "file").touch()
    root = Path(vocabulary.__file__).parents[2]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=root)
    assert done.returncode == 1
    assert done.stderr.startswith("Tokens will be estimated")
