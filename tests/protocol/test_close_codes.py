"""Close codes are told apart, fit into a close frame, and every one says whether to come back."""

import pytest

from momentum.protocol.close_codes import CloseCode


def test_no_code_stands_twice() -> None:
    codes = [close.code for close in CloseCode]
    assert len(codes) == len(set(codes))
    assert len(CloseCode.__members__) == len(codes), "two names for one close"


@pytest.mark.parametrize("close", CloseCode, ids=lambda close: close.name)
def test_a_close_fits_into_its_frame_and_says_why(close: CloseCode) -> None:
    assert 0 < len(close.reason.encode()) <= 123
    assert close.value == (close.code, close.reason, close.come_back)


@pytest.mark.parametrize("close", CloseCode, ids=lambda close: close.name)
def test_a_code_is_one_that_may_be_sent(close: CloseCode) -> None:
    standard = {1000, 1002, 1007, 1009, 1011, 1012}
    assert close.code in standard or 4000 <= close.code <= 4999


def test_a_reason_promises_what_come_back_says() -> None:
    promising = {close for close in CloseCode if "come back" in close.reason}
    assert all(close.come_back for close in promising)
