import os
from pathlib import Path

import pytest
from httpx2 import AsyncClient

URL = "/files/hello.txt"


@pytest.fixture(autouse=True)
def files(tmp_path: Path) -> Path:
    """The directory of files, with one in it."""
    directory = tmp_path / "files"
    directory.mkdir()
    (directory / "hello.txt").write_text("hello world")
    return directory


async def test_whole_file(client: AsyncClient) -> None:
    answer = await client.get(URL)

    assert answer.text == "hello world"
    assert answer.headers["content-disposition"] == 'attachment; filename="hello.txt"'
    assert answer.headers["content-security-policy"] == "sandbox"
    assert answer.headers["accept-ranges"] == "bytes"
    assert "last-modified" in answer.headers


async def test_part(client: AsyncClient) -> None:
    answer = await client.get(URL, headers={"Range": "bytes=6-"})

    assert (answer.status_code, answer.text) == (206, "world")
    assert answer.headers["content-range"] == "bytes 6-10/11"


async def test_parts(client: AsyncClient) -> None:
    answer = await client.get(URL, headers={"Range": "bytes=0-1,9-99,20-"})

    assert answer.status_code == 206
    assert "bytes 0-1/11" in answer.text
    assert "bytes 9-10/11" in answer.text


async def test_part_that_is_not_there(client: AsyncClient) -> None:
    answer = await client.get(URL, headers={"Range": "bytes=11-"})

    assert answer.status_code == 416
    assert answer.headers["content-range"] == "bytes */11"
    assert answer.json()["status"] == 416


async def test_part_of_a_known_file(client: AsyncClient) -> None:
    known = (await client.get(URL)).headers

    for name in ("etag", "last-modified"):
        headers = {"Range": "bytes=6-", "If-Range": known[name]}
        assert (await client.get(URL, headers=headers)).status_code == 206
    for other in ("rubbish", f"W/{known['etag']}"):
        headers = {"Range": "bytes=6-", "If-Range": other}
        assert (await client.get(URL, headers=headers)).status_code == 200


async def test_known_file_is_not_sent_again(client: AsyncClient) -> None:
    tag = (await client.get(URL)).headers["etag"]

    answer = await client.get(URL, headers={"If-None-Match": tag})

    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == tag


async def test_what_is_not_found(
    client: AsyncClient, files: Path, tmp_path: Path
) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    (files / ".hidden").write_text("secret")
    (files / "sub").mkdir()
    (files / "link.txt").symlink_to(tmp_path / "secret.txt")
    os.mkfifo(files / "pipe")

    for name in (
        "nope",
        ".hidden",
        "sub",
        "link.txt",
        "pipe",
        "..",
        "%2e%2e%2fsecret.txt",
        "..%5csecret.txt",
        "%00",
        "x" * 256,
    ):
        answer = await client.get(f"/files/{name}")
        assert answer.status_code == 404, name
