"""The Price List API, as far as anyone asks it what an hour of an instance costs.

Separate because moto has no such service; it is answered in front of moto's.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from werkzeug.wrappers import Request, Response

from mlplatform.config.regions import REGIONS
from mlplatform.local.aws.compute import prices, types

TARGET = "AWSPriceListService."
_FAMILIES = {"Compute Instance": False, "Compute Instance (bare metal)": True}


class _Filter(BaseModel):
    model_config = ConfigDict(frozen=True)

    field: str = Field(alias="Field")
    kind: Literal["TERM_MATCH", "EQUALS"] = Field(alias="Type")
    value: str = Field(alias="Value")


class _Query(BaseModel):
    service: Literal["AmazonEC2"] = Field(alias="ServiceCode")
    filters: tuple[_Filter, ...] = Field(alias="Filters", default=())
    maximum: int = Field(alias="MaxResults", default=100, ge=1, le=100)
    token: int = Field(alias="NextToken", default=0)


def answer(request: Request) -> Response:
    """Answer GetProducts for AmazonEC2; prices are the on-demand ones of Linux.

    Source: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_pricing_GetProducts.html
    """
    operation = request.headers.get("X-Amz-Target", "").removeprefix(TARGET)
    if operation != "GetProducts":
        return _refusal("UnknownOperationException", f"the local AWS does not play {operation} of the Price List API")
    try:
        query = _Query.model_validate_json(request.get_data())
    except ValidationError as error:
        return _refusal("InvalidParameterException", "; ".join(f"{problem['loc']}: {problem['msg']}" for problem in error.errors()))
    wanted = {item.field: item.value for item in query.filters}
    names = _matching(wanted)
    page = names[query.token : query.token + query.maximum]
    body: dict[str, Any] = {"FormatVersion": "aws_v1", "PriceList": [_entry(name, wanted) for name in page]}
    if query.token + query.maximum < len(names):
        body["NextToken"] = str(query.token + query.maximum)
    return Response(json.dumps(body), content_type="application/x-amz-json-1.1")


def _matching(wanted: Mapping[str, str]) -> list[str]:
    """Return the types that a query asks for; what the filters say of software, capacity and market is true of every price here."""
    metal = _FAMILIES.get(wanted.get("productFamily", ""))
    named = wanted.get("instanceType")
    return [name for name in _sold(wanted.get("regionCode", "")) if named in {None, name} and metal in {None, _is_metal(name)}]


def _sold(region: str) -> Iterable[str]:
    return sorted(types.offered(region) or ()) if region in REGIONS else ()


def _is_metal(name: str) -> bool:
    return ".metal" in name


def _entry(name: str, wanted: Mapping[str, str]) -> str:
    """Return one entry of the price list, which is a JSON text of its own."""
    region = wanted["regionCode"]
    sku = hashlib.sha256(f"{region}/{name}".encode()).hexdigest()[:16].upper()
    term, rate = f"{sku}.JRTCKXETXF", f"{sku}.JRTCKXETXF.6YS6EN2CT7"
    price = {prices.currency(region): f"{prices.on_demand(region, name):.10f}"}
    family = next(family for family, metal in _FAMILIES.items() if metal == _is_metal(name))
    attributes = {
        "regionCode": region,
        "instanceType": name,
        "operatingSystem": "Linux",
        "tenancy": "Dedicated" if _is_metal(name) else "Shared",
    }
    dimension = {"unit": "Hrs", "rateCode": rate, "pricePerUnit": price}
    return json.dumps(
        {
            "product": {"productFamily": family, "sku": sku, "attributes": attributes},
            "serviceCode": "AmazonEC2",
            "terms": {"OnDemand": {term: {"sku": sku, "offerTermCode": "JRTCKXETXF", "priceDimensions": {rate: dimension}}}},
        }
    )


def _refusal(code: str, message: str) -> Response:
    body = json.dumps({"__type": code, "message": message})
    return Response(body, status=400, content_type="application/x-amz-json-1.1", headers={"x-amzn-ErrorType": code})
