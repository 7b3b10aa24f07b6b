"""What is printed, and that nobody waits for a terminal."""

import asyncio
import io
import threading

from momentum.wiring.output import LONGEST_LINE, Output, lines


class PausedTerminal(io.StringIO):
    """Takes nothing until it is `resumed`."""

    def __init__(self) -> None:
        super().__init__()
        self.resumed = threading.Event()
        self.reached = threading.Event()

    def write(self, text: str) -> int:
        self.reached.set()
        self.resumed.wait(30)
        return super().write(text)


def reader_of(*chunks: bytes) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    for chunk in chunks:
        reader.feed_data(chunk)
    reader.feed_eof()
    return reader


async def test_each_line_stands_behind_the_name_of_its_service() -> None:
    stream = io.StringIO()
    output = Output(stream)
    await output.pass_on("web", reader_of(b"one\nt", b"wo\r\nrest"))
    output.close()
    assert stream.getvalue() == "web      | one\nweb      | two\nweb      | rest\n"


async def test_a_line_without_end_comes_in_pieces() -> None:
    pieces = [line async for line in lines(reader_of(b"x" * (2 * LONGEST_LINE + 1)))]
    assert "".join(pieces) == "x" * (2 * LONGEST_LINE + 1)
    assert len(pieces) > 1


async def test_bytes_that_are_no_text_are_shown_as_such() -> None:
    assert [line async for line in lines(reader_of(b"\xff\n"))] == ["\N{REPLACEMENT CHARACTER}"]


def test_a_paused_terminal_makes_nobody_wait_and_what_was_left_out_is_counted() -> None:
    terminal = PausedTerminal()
    output = Output(terminal, waiting_lines=2)
    output.say("printing")
    assert terminal.reached.wait(30)
    for number in range(5):
        output.say(f"line {number}")
    terminal.resumed.set()
    output.close(patience_s=30)
    printed = terminal.getvalue().splitlines()
    assert printed[0] == "printing"
    assert "3 lines were left out" in printed[1]
    assert printed[2:] == ["line 0", "line 1"]


def test_a_closed_terminal_ends_nothing() -> None:
    stream = io.StringIO()
    stream.close()
    output = Output(stream)
    output.say("into nothing")
    output.close()
