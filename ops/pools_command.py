"""`mlp pools`: what the pools of an environment may launch, and which node a pod would get."""

import sys
from dataclasses import asdict

import click

from mlplatform.config.load import load
from mlplatform.config.node_capacity import Capacity
from mlplatform.config.prices import price_list
from mlplatform.config.settings import Settings
from mlplatform.ops.console import as_json, err, out, print_json, table
from mlplatform.ops.exits import FAILED
from mlplatform.ops.placement import choose, parse_request, why_not
from mlplatform.ops.pool_offers import Offer, asks, leavings, offer, offers


class _Request(click.ParamType[Capacity]):
    """What a pod asks for, as `gpu=1,memory=32Gi`."""

    name = "gpu=N,cpu=N,memory=N"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Capacity:
        """Return what a text asks for, or fail with what is wrong with it."""
        try:
            return parse_request(value)
        except ValueError as error:
            return self.fail(str(error), param, ctx)


@click.command()
@click.argument("name")
@click.option("--for", "asked", type=_Request(), help="Show the node that a pod of this size would get, as gpu=1,memory=32Gi.")
@as_json
def pools(name: str, *, asked: Capacity | None, as_json: bool) -> None:
    """Show what the pools of environment NAME may launch in its region, what they leave out and why, and which quotas they need.

    With --for, show which node a pod of that size would get and what it costs an hour. That is a model: Karpenter decides by
    the prices and the capacity of the moment. Exits with 1 where no pool takes such a pod.

    Example: mlp pools china-prod --for gpu=1,memory=32Gi
    """
    settings = load(name)
    if asked is None:
        _show(settings, as_json=as_json)
    elif not _show_choice(settings, asked, as_json=as_json):
        sys.exit(FAILED)


def _show(settings: Settings, *, as_json: bool) -> None:
    found = list(settings.compute.pools.values())
    types = [row for pool in found for row in offers(settings, pool)]
    missing = [row for pool in found for row in leavings(settings, pool)]
    quotas = [row for pool in found for row in asks(settings, pool)]
    if as_json:
        print_json(
            {
                "environment": settings.name,
                "region": settings.region,
                "prices": _source(settings),
                "types": [asdict(row) for row in types],
                "left_out": [asdict(row) for row in missing],
                "quotas": [asdict(row) for row in quotas],
            }
        )
        return
    _table(types, settings)
    out.print("")
    for row in missing:
        out.print(f"{row.pool} leaves out {', '.join(row.families)}: {row.why}", markup=False)
    out.print("")
    table([asdict(row) for row in quotas], "pool", "code", "quota", "least_vcpus", "most_vcpus")
    out.print("Quotas are in vCPUs: least reaches a pool's limits with its smallest types, most with its largest.")
    if any(row.zero_in_new_account for row in quotas):
        out.print("A new account has 0 of those for G and P: `aws service-quotas request-service-quota-increase` asks for more.")


def _show_choice(settings: Settings, asked: Capacity, *, as_json: bool) -> bool:
    chosen = choose(settings, asked)
    if chosen:
        row = offer(settings, *chosen)
        if as_json:
            print_json({**asdict(row), "prices": _source(settings)})
        else:
            _table([row], settings)
        return True
    reasons = {pool.name: why_not(settings, pool, asked) for pool in settings.compute.pools.values()}
    if as_json:
        print_json({"pool": None, "reasons": reasons})
    else:
        err.print(f"mlp pools: no pool of {settings.name} takes such a pod", markup=False)
        for pool, reason in reasons.items():
            err.print(f"{pool}: {reason}", markup=False)
    return False


def _table(rows: list[Offer], settings: Settings) -> None:
    price = f"{settings.place.partition.currency}/hour"
    cells = [{**asdict(row), "capacity": ", ".join(row.capacity), price: None if row.price is None else f"{row.price:.3f}"} for row in rows]
    table(cells, "pool", "type", "gpus", "gpu", "gpu_memory_gib", "vcpus", "memory_gib", price, "capacity")
    source = _source(settings)
    out.print(
        f"Prices are on demand, from {source}; spot costs less." if source else f"No source of prices is known for {settings.region}."
    )


def _source(settings: Settings) -> str | None:
    prices = price_list(settings.region)
    return prices.source if prices else None
