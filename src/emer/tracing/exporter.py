"""Where the command line sends its spans: as OpenTelemetry's own variables say, and nowhere without them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit, urlunsplit

from emer.config import Settings, tracing_environment
from emer.installation import extra_command, is_installed

TRACES = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
ALL = "OTEL_EXPORTER_OTLP_ENDPOINT"
PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
USUAL_URL = "http://localhost:4318"
HTTP = "http/protobuf"
PACKAGE = "opentelemetry.exporter.otlp.proto.http"


class Destination(NamedTuple):
    """Where spans are to go, and why they cannot, if they cannot."""

    where: str
    obstacle: str | None = None


def destination(settings: Settings, environment: Mapping[str, str] | None = None) -> Destination | None:
    """Where the environment wants spans to go; None where it wants none."""
    told = tracing_environment() if environment is None else environment
    named = told.get("OTEL_TRACES_EXPORTER", "otlp" if TRACES in told or ALL in told else "none").strip()
    if named == "none" or told.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return None
    if named == "console":
        return Destination("standard error", None if is_installed("opentelemetry.sdk") else _lacking())
    if named != "otlp":
        return Destination("nowhere", f"OTEL_TRACES_EXPORTER is {named!r}; emer knows otlp, console and none")
    url = told.get(TRACES) or f"{told.get(ALL, USUAL_URL).rstrip('/')}/v1/traces"
    return Destination(without_password(url), _obstacle(settings, told))


def open_exporter(settings: Settings) -> str | None:
    """What hinders the spans that the environment asks for, in words; None where nothing does, and they go out.

    Sets the tracer provider of this process, which sends what is left when the process ends.
    """
    to = destination(settings)
    if to is None:
        return None
    if to.obstacle is not None:
        return f"no spans are sent to {to.where}: {to.obstacle}"
    from opentelemetry import trace
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    if isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider):
        provider = TracerProvider(resource=_resource())
        provider.add_span_processor(BatchSpanProcessor(_exporter(to)))
        trace.set_tracer_provider(provider)
    return None


def without_password(url: str) -> str:
    """The URL without user, password and query, which may hold a key."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _obstacle(settings: Settings, told: Mapping[str, str]) -> str | None:
    protocol = next((told[name] for name in PROTOCOLS if name in told), HTTP)
    if settings.no_network:
        return "connections are off (EMER_NO_NETWORK)"
    if protocol != HTTP:
        return f"the protocol is {protocol!r} and emer sends {HTTP}; set {PROTOCOLS[1]}={HTTP}, usually with port 4318"
    return None if is_installed(PACKAGE) else _lacking()


def _lacking() -> str:
    return f"the exporter is not installed; {extra_command('otel')}"


def _exporter(to: Destination) -> Any:
    if to.where == "standard error":
        import sys

        from opentelemetry.sdk.trace.export import ConsoleSpanExporter

        return ConsoleSpanExporter(out=sys.stderr)
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter()


def _resource() -> Any:
    """The service as the environment calls it, else `emer`."""
    from opentelemetry.sdk.resources import Resource

    found = Resource.create()
    is_named = not str(found.attributes.get("service.name", "")).startswith("unknown_service")
    return found if is_named else found.merge(Resource({"service.name": "emer"}))
