"""Reads the page that Prometheus reads."""

from prometheus_client.parser import text_string_to_metric_families

Figures = dict[str, dict[tuple[str, ...], float]]
"""For each series by its name: the values of its labels in the order of their names, and the value."""


def figures_in(page: str) -> Figures:
    """All samples of a page."""
    found: Figures = {}
    for family in text_string_to_metric_families(page):
        for sample in family.samples:
            labels = tuple(value for _, value in sorted(sample.labels.items()))
            found.setdefault(sample.name, {})[labels] = sample.value
    return found


def counted(series: dict[tuple[str, ...], float]) -> dict[tuple[str, ...], float]:
    """What is not 0."""
    return {labels: value for labels, value in series.items() if value}


def names_in(page: str) -> set[str]:
    """Every series that the page declares, also those that nothing was counted in so far."""
    names = set[str]()
    for family in text_string_to_metric_families(page):
        names |= {
            "counter": {f"{family.name}_total"},
            "histogram": {f"{family.name}_{part}" for part in ("bucket", "sum", "count")},
        }.get(family.type, {family.name})
    return names
