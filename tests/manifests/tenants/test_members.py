"""Members of a tenant, as access management 2.0.0 would have written them."""

from tests.manifests.tenants.tenants import of_kind

BOB = "user-bob-b-example-com-clusterrole-edit"


def test_each_member_has_the_role_that_the_file_says_and_the_annotations_that_the_dashboard_lists_by():
    bindings = of_kind("RoleBinding")
    assert {name: binding["roleRef"]["name"] for name, binding in bindings.items()} == {
        BOB: "kubeflow-edit",
        "user-cy-example-com-clusterrole-view": "kubeflow-view",
        "user-dan-example-com-clusterrole-admin": "kubeflow-admin",
    }
    assert bindings[BOB]["metadata"]["annotations"] == {"user": "bob.b@example.com", "role": "edit"}
    assert bindings[BOB]["metadata"]["namespace"] == "vision"


def test_a_binding_is_for_one_person_or_the_dashboard_would_list_nobody():
    for binding in of_kind("RoleBinding").values():
        [subject] = binding["subjects"]
        assert subject["kind"] == "User"
        assert subject["name"] == binding["metadata"]["annotations"]["user"]


def test_a_member_comes_through_the_gateway_with_the_name_that_it_has_checked():
    policies = of_kind("AuthorizationPolicy")
    assert set(policies) == set(of_kind("RoleBinding"))
    policy = policies[BOB]
    assert policy["metadata"]["annotations"] == {"user": "bob.b@example.com", "role": "edit"}
    [rule] = policy["spec"]["rules"]
    assert rule["when"] == [{"key": "request.headers[kubeflow-userid]", "values": ["bob.b@example.com"]}]
    [source] = rule["from"]
    assert "cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account" in source["source"]["principals"]
    assert "selector" not in policy["spec"]


def test_the_owner_needs_no_binding_of_ours_as_the_controller_makes_it():
    assert not [name for name in of_kind("RoleBinding") if "ann" in name]
    assert of_kind("RoleBinding", "owner: ann@example.com") == {}
