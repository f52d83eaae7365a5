"""Checks of single JSON values; each returns the value with its type or raises ApiError in the API's words."""

from collections.abc import Collection, Mapping
from typing import Any

from playground.openai.errors import ApiError, invalid, invalid_value, missing_parameter, unknown_parameter

_NAMES = {
    dict: "an object",
    list: "an array",
    str: "a string",
    bool: "a boolean",
    int: "an integer",
    float: "a decimal",
}


def invalid_type(param: str, expected: str, value: object) -> ApiError:
    """The error for a value of another JSON type than expected."""
    got = "null" if value is None else _NAMES.get(type(value), type(value).__name__)
    message = f"Invalid type for '{param}': expected {expected}, but got {got} instead."
    return ApiError(400, message, "invalid_type", param)


def an_object(
    value: object, param: str, allowed: Collection[str] | None = None, required: Collection[str] = ()
) -> Mapping[str, Any]:
    """A JSON object with no other fields than `allowed` (None: any) and all those that are `required`."""
    if not isinstance(value, dict):
        raise invalid_type(param, "an object", value)
    for name in value:
        if allowed is not None and name not in allowed:
            raise unknown_parameter(f"{param}.{name}")
    for name in required:
        if name not in value:
            raise missing_parameter(f"{param}.{name}")
    return value


def an_array(value: object, param: str) -> list[Any]:
    if not isinstance(value, list):
        raise invalid_type(param, "an array", value)
    return value


def a_string(value: object, param: str, longest: int | None = None) -> str:
    if not isinstance(value, str):
        raise invalid_type(param, "a string", value)
    if longest is not None and len(value) > longest:
        reason = (
            f"string too long. Expected a string with maximum length {longest}, "
            f"but got a string with length {len(value)} instead."
        )
        raise invalid(param, reason, "string_above_max_length")
    return value


def a_boolean(value: object, param: str) -> bool:
    if not isinstance(value, bool):
        raise invalid_type(param, "a boolean", value)
    return value


def an_integer(value: object, param: str, low: int | None = None, high: int | None = None) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise invalid_type(param, "an integer", value)
    if low is not None and value < low:
        reason = f"integer below minimum value. Expected a value >= {low}, but got {value} instead."
        raise invalid(param, reason, "integer_below_min_value")
    if high is not None and value > high:
        reason = f"integer above maximum value. Expected a value <= {high}, but got {value} instead."
        raise invalid(param, reason, "integer_above_max_value")
    return value


def a_decimal(value: object, param: str, low: float, high: float) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise invalid_type(param, "a decimal", value)
    if value < low:
        reason = f"decimal below minimum value. Expected a value >= {low:g}, but got {value:g} instead."
        raise invalid(param, reason, "decimal_below_min_value")
    if value > high:
        reason = f"decimal above maximum value. Expected a value <= {high:g}, but got {value:g} instead."
        raise invalid(param, reason, "decimal_above_max_value")
    return float(value)


def one_of(value: object, param: str, choices: Collection[str]) -> str:
    text = a_string(value, param)
    if text not in choices:
        raise invalid_value(param, text, choices)
    return text
