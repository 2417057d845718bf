"""A bucket's lifecycle rules, from CloudFormation's flat form to S3's nested one.

Separate from the other settings because it is the longest translation.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-rule.html
"""

from collections.abc import Mapping, Sequence
from typing import Any

from mlplatform.local.aws.resources.contract import ResourceFailedError
from mlplatform.local.aws.resources.inputs import truth

_EXPIRATION = {"ExpirationInDays": "Days", "ExpirationDate": "Date", "ExpiredObjectDeleteMarker": "ExpiredObjectDeleteMarker"}
_FILTER = ("Prefix", "ObjectSizeGreaterThan", "ObjectSizeLessThan")
_AS_IT_IS = ("AbortIncompleteMultipartUpload", "NoncurrentVersionExpiration", "Status")
_TRANSITION = {"TransitionInDays": "Days", "TransitionDate": "Date", "StorageClass": "StorageClass"}
_NONCURRENT = {
    "TransitionInDays": "NoncurrentDays",
    "NewerNoncurrentVersions": "NewerNoncurrentVersions",
    "StorageClass": "StorageClass",
}
_KNOWN = {
    *_EXPIRATION,
    *_FILTER,
    *_AS_IT_IS,
    "Id",
    "NoncurrentVersionExpirationInDays",
    "NoncurrentVersionTransitions",
    "TagFilters",
    "Transitions",
}


def lifecycle_rules(rules: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the rules as PutBucketLifecycleConfiguration takes them."""
    return [_rule(rule, f"LifecycleConfiguration.Rules[{index}]") for index, rule in enumerate(rules)]


def _rule(rule: Mapping[str, Any], path: str) -> dict[str, Any]:
    unknown = sorted(rule.keys() - _KNOWN)
    if unknown:
        raise ResourceFailedError(f"{path}.{unknown[0]}: the local AWS does not play this property; it plays {', '.join(sorted(_KNOWN))}")
    made: dict[str, Any] = {key: rule[key] for key in _AS_IT_IS if key in rule}
    if "Id" in rule:
        made["ID"] = rule["Id"]
    made["Filter"] = _filter(rule)
    expiration = {name: rule[key] for key, name in _EXPIRATION.items() if key in rule}
    if "ExpiredObjectDeleteMarker" in expiration:
        expiration["ExpiredObjectDeleteMarker"] = truth(expiration["ExpiredObjectDeleteMarker"], f"{path}.ExpiredObjectDeleteMarker")
    if expiration:
        made["Expiration"] = expiration
    if "NoncurrentVersionExpirationInDays" in rule:
        made["NoncurrentVersionExpiration"] = {"NoncurrentDays": rule["NoncurrentVersionExpirationInDays"]}
    for key, names in (("Transitions", _TRANSITION), ("NoncurrentVersionTransitions", _NONCURRENT)):
        if key in rule:
            made[key] = [_renamed(transition, names, f"{path}.{key}") for transition in rule[key]]
    return made


def _renamed(values: Mapping[str, Any], names: Mapping[str, str], path: str) -> dict[str, Any]:
    unknown = sorted(values.keys() - names.keys())
    if unknown:
        raise ResourceFailedError(f"{path}.{unknown[0]}: unknown; one of {', '.join(names)}")
    return {names[key]: value for key, value in values.items()}


def _filter(rule: Mapping[str, Any]) -> dict[str, Any]:
    conditions = {key: rule[key] for key in _FILTER if key in rule}
    tags = list(rule.get("TagFilters") or ())
    if len(conditions) + len(tags) > 1:
        return {"And": {**conditions, **({"Tags": tags} if tags else {})}}
    if tags:
        return {"Tag": tags[0]}
    return conditions or {"Prefix": ""}
