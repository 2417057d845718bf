from functools import partial

import pytest

from mlplatform.config.versions import MATCHED_SETS
from tests.config.files import DEV, PROD, problems


@pytest.mark.parametrize(
    ("base", "line", "said"),
    [
        (
            PROD,
            "cluster: {endpoint_access: public_and_private}",
            (
                "5: cluster.public_access_cidrs[0]: 0.0.0.0/0 opens the API server of a prod environment to the world "
                "(allowed: /8 or smaller in prod); name your own networks, or leave cluster.endpoint_access private"
            ),
        ),
        (
            PROD,
            "cluster: {endpoint_access: public_and_private, public_access_cidrs: [203.0.113.0/24, 128.0.0.0/1]}",
            (
                "5: cluster.public_access_cidrs[1]: 128.0.0.0/1 opens the API server of a prod environment to the world "
                "(allowed: /8 or smaller in prod); name your own networks, or leave cluster.endpoint_access private"
            ),
        ),
        (
            DEV,
            "cluster: {public_access_cidrs: [10.1.0.0/16]}",
            (
                "5: cluster.public_access_cidrs[0]: 10.1.0.0/16 is reserved, and the public endpoint sees no such address; "
                "name the addresses that your networks have on the internet"
            ),
        ),
        (
            DEV,
            'cluster: {administrators: ["arn:aws:iam::123456789012:role/admin"]}',
            (
                "5: cluster.administrators[0]: 'arn:aws:iam::123456789012:role/admin' is in partition aws, cn-north-1 is in aws-cn "
                "(allowed: arn:aws-cn:iam::123456789012:role/NAME or user/NAME); name a role or user of aws-cn"
            ),
        ),
        (
            DEV,
            'cluster: {administrators: ["arn:aws-cn:sts::123456789012:assumed-role/admin/alice"]}',
            (
                "5: cluster.administrators[0]: 'arn:aws-cn:sts::123456789012:assumed-role/admin/alice' is a session, which ends "
                "(allowed: arn:aws-cn:iam::123456789012:role/NAME or user/NAME); write the ARN of the role that it is of"
            ),
        ),
        (
            DEV,
            "cluster: {administrators: [alice]}",
            (
                "5: cluster.administrators[0]: 'alice' is not the ARN of an IAM role or user "
                "(allowed: arn:aws-cn:iam::123456789012:role/NAME or user/NAME); write it in full"
            ),
        ),
        (
            DEV,
            "cluster: {log_types: [api, audit, api]}",
            "5: cluster.log_types[2]: 'api' is listed twice; remove it",
        ),
        (
            DEV,
            "cluster: {addons: {versions: {istio: v1.0.0-eksbuild.1}}}",
            (
                "5: cluster.addons.versions.istio: 'istio' is not an add-on of the platform (allowed: aws-ebs-csi-driver, aws-efs-csi-driver, "
                "coredns, eks-pod-identity-agent, kube-proxy, metrics-server, vpc-cni); remove it"
            ),
        ),
    ],
)
def test_a_mistake_is_one_problem_with_its_remedy(base: str, line: str, said: str):
    assert problems(f"{base}    {line}") == [said]


def test_an_addon_without_a_matched_version_asks_for_one(monkeypatch: pytest.MonkeyPatch):
    addons = {name: version for name, version in MATCHED_SETS["1.36"].addons.items() if name != "aws-efs-csi-driver"}
    monkeypatch.setattr("mlplatform.config.settings.matched_set", partial(_Matched, addons))
    assert problems(f"{DEV}    cluster: {{addons: {{efs_csi: true}}}}") == [
        (
            "5: cluster.addons.efs_csi: true, but no version of aws-efs-csi-driver is matched to Kubernetes 1.36; name one in "
            "cluster.addons.versions (`aws eks describe-addon-versions --addon-name aws-efs-csi-driver` lists them)"
        )
    ]


class _Matched:
    def __init__(self, addons: dict[str, str], _version: str) -> None:
        self.addons = addons
