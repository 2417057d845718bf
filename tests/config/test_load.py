from pathlib import Path

import pytest

from mlplatform.config.load import FOLDER, environments, load, load_all
from mlplatform.config.problems import ConfigError
from tests.config.files import DEV, PROD, problems, settings


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / FOLDER).mkdir(parents=True)
    return tmp_path


def write(root: Path, name: str, text: str) -> None:
    (root / FOLDER / f"{name}.yaml").write_text(text, encoding="utf-8")


def test_the_repository_has_four_environments_in_order():
    assert environments() == ["china-dev", "china-prod", "global-dev", "global-prod"]
    assert [found.name for found in load_all()] == environments()


def test_dev_is_small_and_cheap():
    found = settings(DEV)
    assert found.network.nat_gateways == 1
    assert found.network.interface_endpoints == ()
    assert found.network.availability_zones == ("cn-north-1a", "cn-north-1b", "cn-north-1d")
    nodes = found.cluster.system_nodes
    assert (nodes.minimum, nodes.desired, nodes.maximum) == (2, 2, 4)
    assert (found.database.multi_az, found.database.deletion_protection, found.database.backup_days) == (False, False, 7)
    assert found.storage.on_removal == "delete"


def test_prod_is_highly_available_private_and_protected():
    found = settings(PROD)
    assert found.network.nat_gateways == 3
    assert found.cluster.endpoint_access == "private"
    assert found.cluster.log_types == ("api", "audit", "authenticator", "controllerManager", "scheduler")
    assert (found.cluster.system_nodes.desired, found.cluster.system_nodes.instance_types) == (4, ("m5.xlarge",))
    assert (found.database.multi_az, found.database.deletion_protection, found.database.backup_days) == (True, True, 30)
    assert (found.storage.on_removal, found.storage.noncurrent_days, found.storage.infrequent_access_days) == ("retain", 90, 90)


def test_prod_has_the_endpoints_that_its_partition_has():
    everywhere = settings(PROD).network.interface_endpoints
    in_china = settings(PROD.replace("us-west-2", "cn-northwest-1")).network.interface_endpoints
    assert set(everywhere) - set(in_china) == {"elasticloadbalancing"}
    assert {"ec2", "ecr.api", "ecr.dkr", "sts"} < set(in_china)


def test_prod_in_two_zones_has_two_ways_out():
    assert settings(PROD + "    network: {availability_zones: [us-west-2a, us-west-2d]}").network.nat_gateways == 2


def test_the_database_goes_with_its_engine_and_stage():
    aurora = settings(PROD + "    database: {engine: aurora-mysql}")
    assert aurora.database.version == aurora.versions.aurora_mysql
    assert aurora.database.instance_class == "db.r6g.large"
    mysql = settings(PROD)
    assert mysql.database.version == mysql.versions.mysql
    assert mysql.database.instance_class == "db.m6g.large"


def test_what_a_file_says_wins_over_every_default():
    found = settings(PROD + "    cluster: {endpoint_access: public_and_private, public_access_cidrs: [203.0.113.0/24], log_types: []}")
    assert found.cluster.endpoint_access == "public_and_private"
    assert found.cluster.log_types == ()


def test_a_part_of_a_section_leaves_the_rest_of_its_defaults():
    nodes = settings(PROD + "    cluster: {system_nodes: {maximum: 20}}").cluster.system_nodes
    assert (nodes.minimum, nodes.maximum) == (4, 20)


def test_all_problems_of_all_files_come_at_once(root: Path):
    write(root, "one", "account: 1\nregion: eu-north-9\nstage: dev\n")
    write(root, "three", 'account: "123456789012"\nregion: us-east-1\nstage: dev\n')
    write(root, "two", "[]")
    (root / FOLDER / "four.yml").touch()
    with pytest.raises(ConfigError) as raised:
        load_all(root=root)
    assert [(problem.file, problem.line, problem.path) for problem in raised.value.problems] == [
        ("config/environments/four.yml", None, ""),
        ("config/environments/one.yaml", 1, "account"),
        ("config/environments/one.yaml", 2, "region"),
        ("config/environments/two.yaml", None, ""),
    ]


def test_an_unknown_environment_is_answered_with_those_there_are(root: Path):
    write(root, "dev", "")
    with pytest.raises(ConfigError) as raised:
        load("prod", root=root)
    assert str(raised.value) == "'prod' is not an environment (allowed: dev); name one, or write config/environments/NAME.yaml"


def test_a_name_is_never_a_path(root: Path):
    (root / "secret.yaml").write_text(DEV)
    with pytest.raises(ConfigError, match="is not an environment"):
        load("../../secret", root=root)


def test_a_file_does_not_name_itself():
    assert problems(DEV + "    name: other") == ["5: name: is not a setting; remove it: an environment has its file's name"]


def test_a_mistake_does_not_hide_the_others():
    found = problems(
        """
        region: cn-north-1
        stage: prod
        netwrk: {}
        cluster: {version: 1.36, endpoint_access: public_and_private}
        database: {instance_class: db.m7i.large}
        """
    )
    assert [problem.lstrip("0123456789: ").partition(":")[0] for problem in found] == [
        "account",
        "netwrk",
        "cluster.version",
        "cluster.public_access_cidrs[0]",
        "database.instance_class",
    ]


def test_a_key_that_is_given_twice_does_not_hide_the_others():
    assert problems(DEV + "    stage: prod\n    network: {nat_gateways: 3, cidr: 10.0.0.0/19}\n    storage: {keep: 3}") == [
        "5: stage: is given twice, first on line 4; keep one of them",
        (
            "6: network.cidr: 10.0.0.0/19 is too small: its private subnets would be /21, and need /20 (allowed: /16 to /18); "
            "choose a range of /16 to /18"
        ),
        (
            "7: storage.keep: is not a setting (allowed: access_log_days, expire_artifacts_days, infrequent_access_days, "
            "noncurrent_days, on_removal); remove it"
        ),
    ]


def test_a_check_says_nothing_about_a_value_that_stands_in_for_a_wrong_one():
    found = problems(DEV + "    network: {cidr: ten}\n    cluster: {service_cidr: 10.0.0.0/16}")
    assert found == [
        (
            "5: network.cidr: 'ten' is not a network (allowed: addresses of the VPC, /16 to /18, or those of `existing`); "
            "write one, for example 10.0.0.0/16"
        )
    ]
