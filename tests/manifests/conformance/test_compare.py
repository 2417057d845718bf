"""How upstream's objects are held against ours."""

from collections.abc import Sequence
from typing import Any

from mlplatform.config.load import load
from mlplatform.manifests.conformance.compare import Comparison, compare, stale
from mlplatform.manifests.conformance.facts import facts
from mlplatform.manifests.conformance.index import Index
from mlplatform.manifests.conformance.reason import Added, Changed, Component, FromChart, LeftOut, Moved, Reason, Renamed
from mlplatform.manifests.conformance.row import Row
from mlplatform.manifests.release import Release

SETTINGS = load("china-dev")


def role(name: str, *verbs: str) -> Any:
    rules = [{"apiGroups": [""], "resources": ["pods"], "verbs": list(verbs)}]
    return {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": name}, "rules": rules}


def component(*reasons: Reason) -> Component:
    return Component("upstream-part", part="entrance", reasons=reasons)


def against(theirs: Sequence[Any], ours: Sequence[Any], *reasons: Reason, charts: dict[str, Any] | None = None) -> Comparison:
    releases = [Release("part", "kubeflow", "platform", objects=ours)] if ours else []
    chart = Release("charted", "kubeflow", "platform", chart=SETTINGS.chart("cert-manager"), requests=())
    index = Index("upstream-part", "kubeflow-1", facts(theirs))
    return compare(SETTINGS, [(component(*reasons), index)], [*releases, chart], charts=charts)


def only(comparison: Comparison) -> Row:
    [row] = comparison.rows
    return row


def test_an_object_with_the_same_facts_is_the_same() -> None:
    assert only(against([role("r", "get", "list")], [role("r", "list", "get")])).status == "same"


def test_a_difference_without_a_reason_is_unaccounted_and_shown_from_both_sides() -> None:
    row = only(against([role("r", "get")], [role("r", "get", "delete")]))
    assert row.status == "unaccounted"
    assert [str(difference) for difference in row.unexplained] == ["- rules: pods: get", "+ rules: pods: delete get"]


def test_a_reason_gives_its_sentence_with_the_fields_it_is_for() -> None:
    row = only(against([role("r", "get")], [role("r")], Changed("it reads nothing", ("rules",))))
    assert (row.status, row.why) == ("changed", ("rules: it reads nothing",))


def test_a_reason_for_one_line_does_not_cover_another_of_the_field() -> None:
    for_what_we_add = Changed("it deletes pods too", ("rules: pods: delete*",))
    row = only(against([role("r", "get")], [role("r", "get", "delete")], for_what_we_add))
    assert [str(difference) for difference in row.unexplained] == ["- rules: pods: get"]


def test_a_reason_for_one_object_does_not_cover_another() -> None:
    row = only(against([role("r", "get")], [role("r")], Changed("it reads nothing", ("rules",), ("ClusterRole other",))))
    assert row.status == "unaccounted"


def test_an_object_that_we_lack_is_left_out_for_a_reason_or_unaccounted() -> None:
    assert only(against([role("r")], [])).status == "unaccounted"
    row = only(against([role("r")], [], LeftOut("nobody needs it", ("ClusterRole r",))))
    assert (row.status, row.why) == ("left out", ("nobody needs it",))


def test_an_object_that_upstream_lacks_is_added_for_a_reason_or_unaccounted_under_its_release() -> None:
    bare = only(against([], [role("r")]))
    assert (bare.component, bare.status, bare.upstream) == ("part", "unaccounted", False)
    row = only(against([], [role("r")], Added("it is ours", ("ClusterRole r",))))
    assert (row.component, row.status, row.why) == ("upstream-part", "added", ("it is ours",))


def test_a_reason_for_additions_of_one_release_does_not_cover_another_release() -> None:
    assert only(against([], [role("r")], Added("a tenant's", ("*",), release="tenant-*"))).status == "unaccounted"


def test_an_object_under_another_name_is_compared_all_the_same() -> None:
    renamed = Renamed("its name was taken", "ClusterRole r", "ClusterRole ours")
    row = only(against([role("r", "get")], [role("ours", "get")], renamed))
    assert (row.status, row.why) == ("changed", ("name: its name was taken",))
    assert only(against([role("r", "get")], [role("ours")], renamed)).status == "unaccounted"


def test_a_reason_for_a_name_that_we_do_not_use_is_stale() -> None:
    renamed = Renamed("its name was taken", "ClusterRole r", "ClusterRole ours")
    kept = against([role("r", "get")], [role("r", "get")], renamed)
    assert only(kept).status == "same"
    assert stale([kept], [component(renamed)]) == [(renamed, "ClusterRole r")]


def pods(name: str, *containers: str) -> Any:
    template = {"spec": {"containers": [{"name": container, "image": "web:v1"} for container in containers]}}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, "namespace": "app"}, "spec": {"template": template}}


def test_a_container_in_pods_of_its_own_is_compared_where_upstream_has_it() -> None:
    moved = Moved("it answers people", "api", was="Deployment app/all", now="Deployment app/api", without="dashboard")
    ours = [pods("all", "main"), pods("api", "api")]
    same, added = against([pods("all", "main", "api")], ours, moved, Added("its own pods", ("Deployment app/api",))).rows
    assert (same.object, same.status, same.why) == ("Deployment app/all", "changed", ("container api: it answers people",))
    assert added.status == "added"
    newer = {**ours[1], "spec": {"template": {"spec": {"containers": [{"name": "api", "image": "web:v2"}]}}}}
    changed, _ = against([pods("all", "main", "api")], [ours[0], newer], moved).rows
    assert [str(difference) for difference in changed.unexplained] == ["- image: api: web:v1", "+ image: api: web:v2"]
    assert only(against([pods("all", "main", "api")], [ours[0]], moved)).status == "unaccounted"


def test_a_chart_accounts_for_objects_as_long_as_a_release_has_it() -> None:
    row = only(against([role("r")], [], FromChart("charted")))
    assert row.status == "left out"
    assert row.why[0].startswith("installed by the publisher's chart cert-manager v")
    assert only(against([role("r")], [], FromChart("gone"))).status == "unaccounted"


def test_a_chart_that_can_be_had_is_looked_into() -> None:
    reason = FromChart("charted")
    assert only(against([role("r", "get")], [], reason, charts={"charted": [role("r", "get")]})).status == "same"
    assert only(against([role("r", "get")], [], reason, charts={"charted": [role("r")]})).status == "unaccounted"
    assert "has no such object" in only(against([role("r")], [], reason, charts={"charted": []})).why[0]


def test_what_our_values_switch_off_in_a_chart_is_left_out_for_a_reason() -> None:
    reason = FromChart("charted", changes=(LeftOut("nobody reads Secrets here", ("ClusterRole r",)),))
    row = only(against([role("r")], [], reason, charts={"charted": []}))
    assert (row.status, row.why) == ("left out", ("nobody reads Secrets here",))


def test_what_our_values_change_of_a_chart_needs_a_reason_and_is_stale_without_that_change() -> None:
    reason = FromChart("charted", changes=(Changed("it reads nothing", ("rules",)),))
    changed = against([role("r", "get")], [], reason, charts={"charted": [role("r")]})
    assert only(changed).status == "changed"
    assert stale([changed], [component(reason)], {"charted"}) == []
    same = against([role("r", "get")], [], reason, charts={"charted": [role("r", "get")]})
    assert {pattern for _, pattern in stale([same], [component(reason)], {"charted"})} == {"*", "rules"}
    assert stale([against([role("r", "get")], [], reason)], [component(reason)]) == []


def test_a_component_that_the_environment_has_not_got_is_not_compared() -> None:
    without = SETTINGS.model_copy(update={"kubeflow": SETTINGS.kubeflow.model_copy(update={"components": ()})})
    index = Index("upstream-part", "kubeflow-1", facts([role("r")]))
    assert compare(without, [(component(), index)], []).rows == []


def test_a_reason_that_nothing_needs_is_stale_to_the_pattern() -> None:
    reason = Changed("it reads nothing", ("rules", "aggregates"), ("ClusterRole r", "ClusterRole gone"))
    comparison = against([role("r", "get")], [role("r")], reason)
    assert stale([comparison], [component(reason)]) == [(reason, "ClusterRole gone"), (reason, "aggregates")]


def test_what_any_environment_needs_is_not_stale() -> None:
    reason = LeftOut("nobody needs it", ("ClusterRole r",))
    there, absent = against([role("r")], [role("r")], reason), against([role("r")], [], reason)
    assert stale([there], [component(reason)]) == [(reason, "ClusterRole r")]
    assert stale([there, absent], [component(reason)]) == []
