import base64

from momentum.web.webhooks import signing


def test_the_signature_is_that_of_the_specification_s_example() -> None:
    given = ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330)
    assert signing.signature(*given, '{"test": 2432232314}') == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_secret_is_of_the_form_that_libraries_take() -> None:
    secret = signing.new_secret()
    assert secret != signing.new_secret()
    assert 24 <= len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) <= 64
