"""Faults in tenants that somebody could plant by mistake: each is said at its tenant and field, with what is allowed."""

import pytest

from mlplatform.config.names import LONGEST_PURPOSE, tenant_purpose
from tests.config.files import DEV, PROD, problems, settings

USERS = "sign_in: {users: [a@example.com, b@example.com]}"
BASE = f"{DEV}    {USERS}\n"
GPU = "gpu: {accelerator: nvidia, families: [g5]}"
GPUS = f"{BASE}    compute: {{pools: {{{GPU}}}}}\n"
ADDRESS = "does not have the form that is needed"


def said(tenants: str, base: str = BASE) -> list[str]:
    return [problem.partition(": ")[2] for problem in problems(f"{base}    tenants: {{{tenants}}}")]


def of_vision(fields: str, base: str = BASE) -> list[str]:
    return said(f"vision: {{owner: a@example.com, {fields}}}", base)


@pytest.mark.parametrize("name", ["default", "kube-system", "kube-x", "kubeflow", "kubeflow-x", "istio-system", "auth", "node-agents"])
def test_a_namespace_that_is_somebodys_is_refused(name: str):
    assert said(f"{name}: {{owner: a@example.com}}") == [
        f"tenants.{name}: '{name}' is a namespace of the cluster or of the platform, or is kept for one; choose another name, as one of a team"
    ]


@pytest.mark.parametrize("name", ["Vision", "1st", "a_b", "x" * 21, "a-", "视觉"])
def test_a_name_that_kubernetes_or_iam_would_refuse_is_refused(name: str):
    [problem] = said(f"{name}: {{owner: a@example.com}}")
    assert problem.endswith(
        f"'{name}' does not have the form that is needed (allowed: teams by the names of their namespaces: lower-case letters, digits "
        "and hyphens, 20 at most); write it like vision"
    )


def test_the_longest_name_leaves_room_in_the_name_of_its_role():
    longest = "x" * 20
    assert list(settings(f"{BASE}    tenants: {{{longest}: {{owner: a@example.com}}}}").tenants) == [longest]
    assert len(tenant_purpose(longest)) <= LONGEST_PURPOSE


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        (
            "members: {a@example.com: edit}",
            "members['a@example.com']: 'a@example.com' is the owner, who may do everything already; remove it",
        ),
        (
            "members: {c@example.com: edit}",
            (
                "members['c@example.com']: 'c@example.com' could not sign in: nobody vouches for it; "
                "add it to sign_in.users, or name a provider in sign_in.connectors"
            ),
        ),
        (
            "members: {b@example.com: owner}",
            "members['b@example.com']: 'owner' is not one of the choices (allowed: admin, edit, view); use one of them",
        ),
        (
            "members: {B@example.com: edit}",
            (
                f"members['B@example.com']: 'B@example.com' {ADDRESS} (allowed: who else may use it, by addresses in lower case, "
                "and how: admin, edit or view); write it like other@example.com"
            ),
        ),
        (
            "pools: [cpu, gpu]",
            "pools[1]: 'gpu' is not a pool (allowed: cpu); name one of compute.pools",
        ),
        ("pools: [cpu, cpu]", "pools[1]: 'cpu' is listed twice; remove it"),
        ("pools: []", "pools: [] is out of range (allowed: at least 1); name more"),
        (
            "quota: {gpus: 4}",
            (
                "quota.gpus: 4 could never be had: no pool that the tenant's pods may run on has GPUs (allowed: 0); "
                "write 0, or add a pool with GPUs to compute.pools"
            ),
        ),
        ("quota: {cpu: 16}", "quota.cpu: 16 is not text (allowed: CPUs that pods request, in quotes); put it in quotes"),
        (
            "quota: {cpu: 16Gi}",
            f"quota.cpu: '16Gi' {ADDRESS} (allowed: CPUs that pods request, in quotes); write it like 8",
        ),
        (
            "quota: {memory: '64'}",
            f"quota.memory: '64' {ADDRESS} (allowed: memory that pods request and are limited to, as 128Gi); write it like 64Gi",
        ),
        (
            "quota: {cpu: 250m}",
            (
                "containers.cpu: '500m' is more than quota.cpu, which is '250m', so that no container could be without requests "
                "(allowed: 250m or less); write 250m or less"
            ),
        ),
        (
            "containers: {memory: 8Gi, largest_memory: 4096Mi}",
            (
                "containers.memory: '8Gi' is more than largest_memory, which is '4096Mi', so that no container could be without requests "
                "(allowed: 4096Mi or less); write 4096Mi or less"
            ),
        ),
        (
            "quota: {cpu: '8'}, containers: {largest_cpu: '8.5'}",
            ("containers.largest_cpu: '8.5' is more than quota.cpu, which is '8' (allowed: 8 or less); write 8 or less, or remove it"),
        ),
        (
            "containers: {cpu: 100m, largest_cpu: '1.5'}",
            (
                "containers.largest_cpu: '1.5' is less than the mesh's sidecar in every pod is limited to, so that none would start "
                "(allowed: 2 or more); write 2 or more, or remove it"
            ),
        ),
        (
            "containers: {memory: 256Mi, largest_memory: 511Mi}",
            (
                "containers.largest_memory: '511Mi' is less than the mesh's sidecar in every pod is limited to, so that none would start "
                "(allowed: 512Mi or more); write 512Mi or more, or remove it"
            ),
        ),
        ("removal: ask", "removal: 'ask' is not one of the choices (allowed: keep, delete); use one of them"),
    ],
)
def test_a_fault_is_one_problem_that_names_its_tenant_and_field(fields: str, problem: str):
    assert of_vision(fields) == [f"tenants.vision.{problem}"]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        (
            "pools: [gpu]",
            "pools: none of gpu takes pods that ask for no GPU, as most of notebooks and pipelines do (allowed: cpu); add one of them",
        ),
        (
            "pools: [cpu], quota: {gpus: 1}",
            (
                "quota.gpus: 1 could never be had: no pool that the tenant's pods may run on has GPUs (allowed: 0); "
                "write 0, or add gpu to tenants.vision.pools"
            ),
        ),
        (
            "pools: [cpu, gpu], quota: {gpus: 0}",
            "pools: gpu would never be used, because quota.gpus is 0; remove it, or write how many GPUs the tenant may have in quota.gpus",
        ),
    ],
)
def test_gpus_and_pools_go_together(fields: str, problem: str):
    assert of_vision(fields, GPUS) == [f"tenants.vision.{problem}"]


def test_a_tenant_has_gpus_by_default_where_its_pods_reach_some():
    found = settings(f"{GPUS}    tenants: {{a: {{owner: a@example.com}}, b: {{owner: a@example.com, pools: [cpu]}}}}").tenants
    without = settings(f"{BASE}    tenants: {{a: {{owner: a@example.com}}}}").tenants
    assert (found["a"].quota.gpus, found["b"].quota.gpus, without["a"].quota.gpus) == (2, 0, 0)


def test_people_are_of_the_domains_that_may_sign_in():
    sign_in = "connectors: {x: {oidc: {issuer: 'https://x.example.com', client_id: a, client_secret: b}}}"
    any_domain, one = (f"{PROD}    sign_in: {{{sign_in}{domains}}}\n" for domains in ("", ", email_domains: [example.org]"))
    assert of_vision("members: {b@example.org: view}", any_domain) == []
    assert of_vision("members: {b@example.org: view}", one) == [
        (
            "tenants.vision.owner: 'a@example.com' could not sign in: sign_in.email_domains lacks example.com (allowed: example.org); "
            "add the domain, or name somebody else"
        )
    ]


def test_in_prod_nobody_is_told_to_keep_passwords():
    assert of_vision("removal: keep", PROD) == [
        "tenants.vision.owner: 'a@example.com' could not sign in: nobody vouches for it; name a provider in sign_in.connectors"
    ]


def test_tenants_need_the_component_that_makes_namespaces():
    assert of_vision("removal: keep", f"{BASE}    kubeflow: {{components: [entrance, sign-in]}}\n") == [
        "tenants: vision would have no namespace: kubeflow.components lacks profiles; add profiles to them, or remove the tenants"
    ]


def test_people_need_not_sign_in_where_nobody_does():
    assert of_vision("removal: keep", f"{DEV}    kubeflow: {{components: [entrance, profiles]}}\n") == []


def test_faults_of_several_tenants_are_said_at_once():
    tenants = """
      kubeflow-a: {owner: c@example.com, pools: [tpu], quota: {gpus: 1, cpu: 100m}},
      b: {owner: A@example.com, members: {c@example.com: edit}, quota: {memory: '5'}, containers: {largest_cpu: '99'}},
    """
    assert sorted(problem.partition(": ")[0] for problem in said(tenants.replace("\n", " "))) == [
        "tenants.b.containers.largest_cpu",
        "tenants.b.members['c@example.com']",
        "tenants.b.owner",
        "tenants.b.quota.memory",
        "tenants.kubeflow-a",
        "tenants.kubeflow-a.containers.cpu",
        "tenants.kubeflow-a.owner",
        "tenants.kubeflow-a.pools[0]",
    ]


def test_members_that_kubeflow_would_take_for_one_are_refused():
    users = "sign_in: {users: [a@example.com, a.b@example.com, a-b@example.com]}"
    base = f"{DEV}    {users}\n"
    assert of_vision("members: {a.b@example.com: edit, a-b@example.com: view}", base) == []
    assert of_vision("members: {a.b@example.com: edit, a-b@example.com: edit}", base) == [
        (
            "tenants.vision.members['a-b@example.com']: 'a-b@example.com' and 'a.b@example.com' would be one for Kubeflow, which writes "
            "hyphens for signs, and have one role; give them different roles, or name one of them"
        )
    ]


def test_the_line_of_a_person_is_that_of_the_address():
    text = f"{BASE}    tenants:\n      vision:\n        owner: a@example.com\n        members:\n          b@example.com: edit\n          c@example.com: view\n"
    assert problems(text)[0].startswith("11: tenants.vision.members['c@example.com']: ")
