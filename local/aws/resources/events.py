"""`AWS::Events::Rule`: what is done when something happens, or at times.

Separate because a rule and its targets are two calls.
"""

from typing import Any

from mlplatform.local.aws.resources.contract import Applied, NeedsReplacementError, Place, Properties, ResourceFailedError, ResourceType
from mlplatform.local.aws.resources.inputs import fit
from mlplatform.local.aws.resources.lifetime import absence_forgiven, changed, pairs, physical_name, retag, tags_of, undone_on_failure

_RULE = ("Description", "EventBusName", "EventPattern", "RoleArn", "ScheduleExpression", "State")


class Rule:
    """A rule of EventBridge; `Ref` is its name."""

    properties = frozenset({"Name", "Tags", "Targets", *_RULE})

    def create(self, place: Place, properties: Properties) -> Applied:
        """Put the rule, then its targets."""
        events = place.client("events")
        name = properties.get("Name") or physical_name(place, limit=64)
        given = {key: properties[key] for key in _RULE if key in properties}
        arn = events.put_rule(**fit(events, "put_rule", {**given, "Name": name}), Tags=pairs(tags_of(place, properties)))["RuleArn"]
        applied = Applied(name, {"Arn": arn, "RuleName": name})
        with undone_on_failure(lambda: self.delete(place, applied, properties)):
            _aim(events, name, properties, {})
        return applied

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change pattern, schedule, state, targets and tags."""
        if changed(properties, previous, "EventBusName"):
            raise NeedsReplacementError
        events, name = place.client("events"), current.physical_id
        given = {key: properties[key] for key in _RULE if key in properties}
        events.put_rule(**fit(events, "put_rule", {**given, "Name": name}))
        _aim(events, name, properties, previous)
        arn = current.attributes["Arn"]
        retag(
            place,
            properties,
            previous,
            add=lambda tags: events.tag_resource(ResourceARN=arn, Tags=pairs(tags)),
            remove=lambda keys: events.untag_resource(ResourceARN=arn, TagKeys=keys),
        )
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Take the targets away, then the rule, which EventBridge does not remove with them."""
        events = place.client("events")
        with absence_forgiven():
            _aim(events, current.physical_id, {**properties, "Targets": []}, properties)
            events.delete_rule(Name=current.physical_id, **_bus(properties))


def _aim(events: Any, name: str, properties: Properties, previous: Properties) -> None:
    targets: list[dict[str, Any]] = properties.get("Targets") or []
    before: list[dict[str, Any]] = previous.get("Targets") or []
    if targets:
        made = events.put_targets(**fit(events, "put_targets", {"Rule": name, "Targets": targets, **_bus(properties)}))
        if made.get("FailedEntryCount"):
            raise ResourceFailedError(f"Targets: {made['FailedEntries'][0].get('ErrorMessage', made['FailedEntries'][0])}")
    lost = sorted({target["Id"] for target in before} - {target["Id"] for target in targets})
    if lost:
        events.remove_targets(Rule=name, Ids=lost, **_bus(properties))


def _bus(properties: Properties) -> dict[str, str]:
    return {"EventBusName": properties["EventBusName"]} if "EventBusName" in properties else {}


RESOURCE_TYPES: dict[str, ResourceType] = {"AWS::Events::Rule": Rule()}
