"""What happens, as Prometheus counts it."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Histogram

from bot.domain.intent import Intent
from bot.domain.reply import Outcome
from bot.domain.usage import Spent, Usage

NAMESPACE = "chatgpt"

MOST_WORDS = 50
"""So many values of one label are told apart, because each stays in memory; all others are OTHER."""

OTHER = "other"
UNKNOWN = "unknown"

_FIRST_TEXT = (0.25, 0.5, 1, 1.5, 2, 3, 5, 10, 20, 30, 60)
_WHOLE = (1, 2, 3, 5, 10, 20, 30, 60, 120, 300, 600)

Dollars = Callable[[str, Usage], float]
"""What a request of this model has cost, as far as its price is known."""


class Metrics:
    """The `Meter` of an operator who listens: everything that it is told stands in `registry`."""

    def __init__(self, dollars: Dollars) -> None:
        self.registry = registry = CollectorRegistry()

        def counter(name: str, meaning: str, *labels: str) -> Counter:
            return Counter(name, meaning, labels, NAMESPACE, registry=registry)

        def histogram(name: str, meaning: str, label: str, buckets: tuple[float, ...]) -> Histogram:
            return Histogram(name, meaning, [label], NAMESPACE, registry=registry, buckets=buckets)

        self._dollars_of = dollars
        self._models = _FewWords()
        self._methods = _FewWords()
        self._codes = _FewWords()

        self._turns = counter(
            "turns", "Turns that ended, by what was wanted and what became of it", "intent", "outcome"
        )
        self._turn_seconds = histogram("turn_seconds", "From the open reply to the whole answer", "intent", _WHOLE)
        self._turn_first_text = histogram(
            "turn_first_text_seconds", "From the open reply to the first text", "intent", _FIRST_TEXT
        )
        self._model_calls = counter("model_calls", "Questions to models, and how they ended", "model", "outcome")
        self._model_seconds = histogram("model_call_seconds", "From the question to its end", "model", _WHOLE)
        self._model_first_text = histogram(
            "model_first_text_seconds", "From the question to the first text", "model", _FIRST_TEXT
        )
        self._tokens = counter("tokens", "Tokens of models; those that were cached are part of input", "model", "kind")
        self._dollars = counter("dollars", "What those tokens cost, by the catalogue's prices", "model")
        self._slack_calls = counter("slack_calls", "Calls to Slack, each try by itself", "method", "code")
        self._files = counter("files", "Files that were to be read, and what became of them", "kind", "outcome")
        self._reconnections = counter("socket_reconnections", "Sockets to Slack that replaced another one", "reason")

        # A series that begins with 1 has, for Prometheus, never grown: what alerts speak of stands at 0 from the start.
        for wanted in (*Intent, UNKNOWN):
            for outcome in Outcome:
                self._turns.labels(wanted, outcome)

    def turn(self, intent: Intent | None, outcome: Outcome, seconds: float, first_text: float | None) -> None:
        wanted = intent or UNKNOWN
        self._turns.labels(wanted, outcome).inc()
        if outcome in (Outcome.ANSWERED, Outcome.CUT):
            self._turn_seconds.labels(wanted).observe(seconds)
        if first_text is not None:
            self._turn_first_text.labels(wanted).observe(first_text)

    def model_call(self, model: str, outcome: str, seconds: float, first_text: float | None, spent: Spent) -> None:
        name = self._models(model)
        self._model_calls.labels(name, outcome).inc()
        self._model_seconds.labels(name).observe(seconds)
        if first_text is not None:
            self._model_first_text.labels(name).observe(first_text)
        for payee, usage in spent:
            name = self._models(payee)
            self._tokens.labels(name, "input").inc(usage.input_tokens)
            self._tokens.labels(name, "cached").inc(usage.cached_tokens)
            self._tokens.labels(name, "output").inc(usage.output_tokens)
            self._dollars.labels(name).inc(self._dollars_of(payee, usage))

    def platform_call(self, method: str, code: str) -> None:
        self._slack_calls.labels(self._methods(method), self._codes(code)).inc()

    def file(self, kind: str, outcome: str) -> None:
        self._files.labels(kind, outcome).inc()

    def reconnection(self, reason: str) -> None:
        self._reconnections.labels(reason).inc()


class _FewWords:
    """Lets the first words through that it hears, MOST_WORDS of them, and says OTHER instead of all later ones."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def __call__(self, word: str) -> str:
        if word not in self._known and len(self._known) < MOST_WORDS:
            self._known.add(word)
        return word if word in self._known else OTHER
