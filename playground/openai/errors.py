"""Errors as OpenAI's HTTP API words them."""

from collections.abc import Iterable
from typing import Any


class ApiError(Exception):
    """A request was refused; `status` is the HTTP status, the rest stands in the `error` object of the answer."""

    def __init__(
        self,
        status: int,
        message: str,
        code: str | None = None,
        param: str | None = None,
        kind: str = "invalid_request_error",
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.param = param
        self.kind = kind

    def as_json(self) -> dict[str, Any]:
        """The body of the answer."""
        return {"error": {"message": self.message, "type": self.kind, "param": self.param, "code": self.code}}


def listed(values: Iterable[str]) -> str:
    """'a', 'b', and 'c': the way in which the API lists what it would have taken."""
    quoted = [f"'{value}'" for value in values]
    if len(quoted) < 3:
        return " and ".join(quoted)
    return ", ".join(quoted[:-1]) + f", and {quoted[-1]}"


def missing_key() -> ApiError:
    return ApiError(401, "You didn't provide an API key. Send it as 'Authorization: Bearer YOUR_KEY'.")


def wrong_key(key: str) -> ApiError:
    return ApiError(401, f"Incorrect API key provided: {key[:3]}***{key[-2:]}.", "invalid_api_key")


def missing_parameter(param: str) -> ApiError:
    return ApiError(400, f"Missing required parameter: '{param}'.", "missing_required_parameter", param)


def unknown_parameter(param: str) -> ApiError:
    return ApiError(400, f"Unknown parameter: '{param}'.", "unknown_parameter", param)


def unsupported_parameter(param: str) -> ApiError:
    message = f"Unsupported parameter: '{param}' is not supported with this model."
    return ApiError(400, message, "unsupported_parameter", param)


def unsupported_value(param: str, value: str, supported: Iterable[str]) -> ApiError:
    reason = f"'{value}' is not supported with this model. Supported values are: {listed(supported)}."
    return ApiError(400, f"Unsupported value: {reason}", "unsupported_value", param)


def invalid_value(param: str, value: object, supported: Iterable[str]) -> ApiError:
    message = f"Invalid value: '{value}'. Supported values are: {listed(supported)}."
    return ApiError(400, message, "invalid_value", param)


def invalid(param: str, reason: str, code: str = "invalid_value") -> ApiError:
    return ApiError(400, f"Invalid '{param}': {reason}", code, param)


def model_not_found(name: str) -> ApiError:
    message = f"The model '{name}' does not exist or you do not have access to it."
    return ApiError(404, message, "model_not_found", "model")


def context_length_exceeded() -> ApiError:
    message = "Your input exceeds the context window of this model. Please adjust your input and try again."
    return ApiError(400, message, "context_length_exceeded", "input")
