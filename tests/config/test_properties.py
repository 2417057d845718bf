"""What holds for every file, whatever is in it."""

import json
from ipaddress import IPv4Network
from typing import Any

import jsonschema
from hypothesis import given, settings
from hypothesis import strategies as st

from mlplatform.config.document import Document, parse
from mlplatform.config.load import examine
from mlplatform.config.namespaces import is_taken
from mlplatform.config.regions import REGIONS
from mlplatform.config.schema import schema
from mlplatform.config.sections import SUBNET_BITS
from mlplatform.config.settings import Settings
from mlplatform.config.show import as_yaml
from mlplatform.config.stages import STAGES

EDITOR: Any = jsonschema.Draft202012Validator(schema())
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)
REQUIRED = st.fixed_dictionaries(
    {"account": st.just("123456789012"), "region": st.sampled_from(sorted(REGIONS)), "stage": st.sampled_from(sorted(STAGES))}
)
BLOCKS = [IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")]


def network(block: IPv4Network, offset: int, prefix: int) -> str:
    return str(IPv4Network((int(block.network_address) + offset % block.num_addresses, prefix), strict=False))


def some(**settings: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=settings)


NETWORKS = st.builds(network, st.sampled_from(BLOCKS), st.integers(0, 2**24 - 1), st.integers(14, 20))
PLAUSIBLE = some(
    network=some(cidr=NETWORKS, pod_cidr=NETWORKS, nat_gateways=st.integers(0, 3), flow_log_days=st.sampled_from([7, 30, 31])),
    cluster=some(service_cidr=NETWORKS, system_nodes=some(maximum=st.integers(2, 100), disk_gib=st.integers(20, 200))),
    database=some(storage_gib=st.integers(20, 300), engine=st.sampled_from(["mysql", "aurora-mysql"])),
    storage=some(expire_artifacts_days=st.none() | st.integers(1, 200)),
)
VOUCHED_FOR = {"connectors": {"corporate": {"oidc": {"issuer": "https://a.example.com", "client_id": "a", "client_secret": "b"}}}}
BEHIND_A_BALANCER = {"host": "ml.example.com", "certificate": {"cluster_issuer": "platform-ca"}}
PEOPLE = st.sampled_from(["user@example.com", "other@example.com"])
TENANT = st.fixed_dictionaries(
    {"owner": PEOPLE},
    optional={
        "members": st.dictionaries(PEOPLE, st.sampled_from(["admin", "edit", "view"]), max_size=1),
        "quota": some(gpus=st.integers(0, 2), cpu=st.sampled_from(["250m", "8"]), memory=st.sampled_from(["512Mi", "8Gi"])),
        "pools": st.lists(st.sampled_from(["cpu", "gpu"]), min_size=1, max_size=2, unique=True),
    },
)
PUBLIC = {**BEHIND_A_BALANCER, "access": "public", "allowed_cidrs": ["203.0.113.0/24"]}
WAYS_IN = st.fixed_dictionaries(
    {
        "sign_in": st.sampled_from([VOUCHED_FOR, {"users": ["user@example.com", "other@example.com"]}, {"users": ["user@example.com"]}]),
        "ingress": st.sampled_from(
            [BEHIND_A_BALANCER, PUBLIC, {**PUBLIC, "icp_recordal": "京ICP备00000000号"}, {"access": "internal"}, {}]
        ),
        "tenants": st.dictionaries(st.sampled_from(["vision", "language", "kubeflow"]), TENANT, max_size=2),
    },
    optional={"compute": st.just({"pools": {"gpu": {"accelerator": "nvidia", "families": ["g4dn"]}}})},
)


def load(values: dict[str, Any]) -> tuple[Settings | None, list[Any]]:
    found, problems = examine("test", Document(values=values))
    return found, list(problems)


@given(st.binary(max_size=200))
def test_bytes_are_accepted_or_refused_with_a_remedy(content: bytes):
    found, problems = examine("test", parse(content))
    assert bool(found) != bool(problems)
    assert all(problem.message and problem.remedy for problem in problems)


@given(st.text(max_size=200))
def test_texts_are_accepted_or_refused_with_a_remedy(content: str):
    found, problems = examine("test", parse(content.encode("utf-8", "surrogatepass")))
    assert bool(found) != bool(problems)
    assert all(problem.message and problem.remedy for problem in problems)


@given(REQUIRED, st.sampled_from(sorted(Settings.model_fields)), JSON)
def test_any_value_in_any_section_is_accepted_or_refused_at_its_path(required: dict[str, Any], section: str, value: Any):
    found, problems = load({**required, section: value})
    assert bool(found) != bool(problems)
    assert all(problem.path and problem.remedy for problem in problems)


@given(REQUIRED, PLAUSIBLE)
@settings(max_examples=200)
def test_what_is_accepted_fits_and_editors_accept_it(required: dict[str, Any], said: dict[str, Any]):
    found, _ = load({**required, **said})
    if not found:
        return
    EDITOR.validate({**required, **said})
    network = found.network
    ranges = [network.cidr, found.cluster.service_cidr, *([network.pod_cidr] if network.pod_cidr else [])]
    assert not any(one.overlaps(other) for number, one in enumerate(ranges) for other in ranges[:number])
    assert network.cidr.prefixlen + SUBNET_BITS["private"] <= 20
    assert set(network.availability_zones) <= set(found.place.zones)
    assert 0 <= network.nat_gateways <= len(network.availability_zones)


@given(REQUIRED, WAYS_IN)
@settings(max_examples=200)
def test_who_is_let_in_has_a_door_a_name_and_a_namespace_of_its_own(required: dict[str, Any], said: dict[str, Any]):
    found, _ = load({**required, **said})
    if not found:
        return
    EDITOR.validate({**required, **said})
    ingress, people = found.ingress, found.sign_in
    assert (ingress.access != "port-forward") == bool(ingress.host) == bool(ingress.certificate)
    assert ingress.access != "public" or ingress.allowed_cidrs
    assert found.stage == "dev" or not people.users
    for name, tenant in found.tenants.items():
        assert not is_taken(name)
        assert tenant.owner not in tenant.members
        assert people.connectors or {tenant.owner, *tenant.members} <= set(people.users)
        assert any(pool in found.compute.pools for pool in tenant.pools or found.compute.pools)
        assert not tenant.quota.gpus or any(tenant.pools is None or pool.name in tenant.pools for pool in found.compute.gpu_pools)


@given(REQUIRED, PLAUSIBLE | WAYS_IN)
def test_effective_settings_are_a_file_that_says_the_same(required: dict[str, Any], said: dict[str, Any]):
    found, _ = load({**required, **said})
    if found:
        assert examine("test", parse(as_yaml(found).encode())) == (found, [])


@given(REQUIRED)
def test_every_region_and_stage_works_with_nothing_but_defaults(required: dict[str, Any]):
    found, problems = load(required)
    assert problems == []
    assert found
    assert json.loads(found.model_dump_json())["region"] == required["region"]
