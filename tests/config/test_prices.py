"""Prices against the lists that they name as their source."""

import re

import pytest

from mlplatform.config.instance_types import of_family, pool_families
from mlplatform.config.prices import on_demand, price_list
from tests.config import karpenter_source

LISTS = {"us-east-1": "zz_generated.pricing_aws.go", "cn-north-1": "zz_generated.pricing_aws_cn.go"}


@pytest.mark.parametrize("region", sorted(LISTS))
def test_prices_are_those_of_their_source(region: str):
    text = (karpenter_source.module() / "pkg" / "providers" / "pricing" / LISTS[region]).read_text(encoding="utf-8")
    source = {name: float(price) for name, price in re.findall(r'"([a-z0-9-]+\.[a-z0-9-]+)": ([0-9.]+)', text)}
    prices = price_list(region)
    assert prices
    assert re.search(rf"generated at {prices.source[-10:]}\S+ for {region}", text)
    families = [family for gpus in (True, False) for family in pool_families(region, gpus=gpus)]
    for kind in (kind for family in families for kind in of_family(family)):
        ours, theirs = on_demand(region, kind.name), source.get(kind.name)
        assert (ours is None) == (theirs is None), kind.name
        assert ours is None or ours == pytest.approx(theirs, rel=0.001), kind.name
