"""What the OpenAPI document says of every operation alike: failures are problems, and one scheme lets people in."""

from http import HTTPStatus
from typing import Any

from ninja.openapi.schema import OpenAPISchema

from companion.kernel.problems import CONTENT_TYPE, Problem

REFS = "#/components/schemas/{model}"
# Any call may meet these; which code each has is in contract.md.
FAILURES = (400, 401, 402, 403, 404, 405, 409, 413, 415, 422, 429, 451, 500, 503)
STREAMING = frozenset({"send_message", "turn_events"})
SCHEME = "Bearer"
SCHEMES = {SCHEME: {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
SECURITY: dict[str, list[dict[str, list[str]]]] = {
    "Bearer": [{SCHEME: []}],
    "AsyncBearer": [{SCHEME: []}],
    "OptionalBearer": [{SCHEME: []}, {}],
}


def complete(schema: OpenAPISchema) -> OpenAPISchema:
    """Adds to Ninja's document what its routes do not repeat one by one."""
    for operations in schema["paths"].values():
        for operation in operations.values():
            operation["responses"] |= {str(status): _failure(status) for status in FAILURES}
            operation["security"] = SECURITY[next(iter(operation["security"][0]))]
            if operation["operationId"] in STREAMING:
                _say_that_it_streams(operation["responses"])
    schema["components"]["securitySchemes"] = SCHEMES
    problem = Problem.model_json_schema(ref_template=REFS)
    schema["components"]["schemas"] |= problem.pop("$defs") | {"Problem": problem}
    return schema


def _failure(status: int) -> dict[str, Any]:
    content = {CONTENT_TYPE: {"schema": {"$ref": REFS.format(model="Problem")}}}
    return {"description": HTTPStatus(status).phrase, "content": content}


def _say_that_it_streams(responses: dict[Any, Any]) -> None:
    answer = responses.get(200) or responses["200"]
    answer.setdefault("content", {})["text/event-stream"] = {"schema": {"type": "string"}}
