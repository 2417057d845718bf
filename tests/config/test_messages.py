"""How a mistake in one field is said; tests of checks between fields are in test_checks.py."""

import pytest

from tests.config.files import DEV, problems


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "cluster: {version: 1.36}",
            "5: cluster.version: 1.36 is not text (allowed: the minor version of Kubernetes, in quotes; one with a matched set); put it in quotes",
        ),
        ("network: {nat_gateways: 9}", "5: network.nat_gateways: 9 is out of range (allowed: 3 or less); write a smaller number"),
        (
            "network: {nat_gateways: true}",
            (
                "5: network.nat_gateways: true is not a whole number (allowed: ways out to the internet: 1 in dev, one a zone in prod; "
                "0 leaves only the endpoints); write digits, without quotes"
            ),
        ),
        (
            "database: {deletion_protection: yes}",
            (
                "5: database.deletion_protection: 'yes' is not true or false (allowed: refuse to delete the database: no in dev, yes in prod); "
                "write true or false, without quotes"
            ),
        ),
        (
            "database: {engine: postgres}",
            "5: database.engine: 'postgres' is not one of the choices (allowed: mysql, aurora-mysql); use one of them",
        ),
        (
            "storage: {noncurent_days: 3}",
            (
                "5: storage.noncurent_days: is not a setting (allowed: access_log_days, expire_artifacts_days, infrequent_access_days, "
                "noncurrent_days, on_removal); write noncurrent_days"
            ),
        ),
        (
            "kafka: {}",
            (
                "5: kafka: is not a setting (allowed: account, cluster, compute, database, images, ingress, kubeflow, network, region, "
                "sign_in, stage, storage, tags, tenants); remove it"
            ),
        ),
        (
            "cluster:",
            "5: cluster: nothing is not settings by name; write a value, or remove the key",
        ),
        (
            "network: {availability_zones: cn-north-1a}",
            (
                "5: network.availability_zones: 'cn-north-1a' is not a list (allowed: zones that subnets are made in; "
                "the region's first three unless named here); write [a, b], or a line `- a` for each"
            ),
        ),
        (
            "network: {cidr: 10.0.0.1/16}",
            (
                "5: network.cidr: '10.0.0.1/16' is not how a network is written (allowed: addresses of the VPC, /16 to /18, "
                "or those of `existing`); write 10.0.0.0/16"
            ),
        ),
        (
            "network: {existing: {vpc_id: vpc-1, private_subnets: [subnet-12345678], database_subnets: []}}",
            (
                "5: network.existing.vpc_id: 'vpc-1' does not have the form that is needed (allowed: the VPC's id, `vpc-` and 8 or 17 "
                "hexadecimal digits); write it like vpc-0123456789abcdef0"
            ),
        ),
        (
            "cluster: {addons: {versions: {coredns: latest}}}",
            (
                "5: cluster.addons.versions.coredns: 'latest' does not have the form that is needed (allowed: versions other than the matched "
                "set's, by add-on name, as v1.2.3-eksbuild.4 (`aws eks describe-addon-versions` lists them)); write it like v1.14.3-eksbuild.3"
            ),
        ),
    ],
)
def test_a_mistake_names_its_line_path_value_what_is_allowed_and_the_remedy(line: str, said: str):
    assert problems(f"{DEV}    {line}")[0] == said


def test_a_missing_setting_is_asked_for():
    assert problems('region: us-east-1\nstage: dev\naccount: "123456789012"\n'.replace("stage: dev\n", "")) == [
        (
            "stage: is missing (allowed: dev is small and cheap, prod is highly available, private and protected: "
            "each has defaults of its own); add the line `stage: ...`"
        )
    ]


def test_an_account_in_digits_of_another_script_is_refused():
    fullwidth = "\uff11" * 12
    assert problems(DEV.replace("123456789012", fullwidth))[0].startswith(f"2: account: '{fullwidth}' does not have the form")


def test_a_long_value_is_cut_in_the_message():
    assert problems(f"{DEV}    database: {{engine: {'x' * 5_000}}}")[0].startswith(f"5: database.engine: '{'x' * 76}... is not one of")


def test_control_characters_do_not_reach_the_terminal():
    assert "\\x1b" in problems(f'{DEV}    database: {{engine: "\\e[31m"}}')[0]
