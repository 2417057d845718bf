"""Values that are right, wrong and absurd in each of the four environments' files.

Separate from what is done with them, because this is where a new setting is added.
"""

from typing import Any

GOOD: dict[str, list[Any]] = {
    "tags": [{}, {"成本中心": "研发 部"}, {"owner": "a@example.com", "Team": "x" * 256}],
    "network.cidr": ["10.4.0.0/16", "172.16.0.0/17", "192.168.0.0/18", "100.64.0.0/16"],
    "network.nat_gateways": [1, 2, 3],
    "network.pod_cidr": ["100.64.0.0/16", "100.100.0.0/18", None],
    "network.interface_endpoints": [[], ["sts"], ["ecr.api", "ecr.dkr", "logs", "states"]],
    "network.flow_log_days": [1, 14, 365],
    "network.existing": [
        {
            "vpc_id": "vpc-0123456789abcdef0",
            "private_subnets": ["subnet-00000001", "subnet-00000002", "subnet-00000003"],
            "public_subnets": public,
            "database_subnets": ["subnet-00000004", "subnet-00000005", "subnet-00000006"],
        }
        for public in ([], ["subnet-00000007", "subnet-00000008", "subnet-00000009"])
    ],
    "cluster.version": ["1.36"],
    "cluster.endpoint_access": ["private"],
    "cluster.log_types": [[], ["api"], ["scheduler", "controllerManager"]],
    "cluster.log_days": [3, 180],
    "cluster.service_cidr": ["10.100.0.0/16", "172.20.0.0/24"],
    "cluster.system_nodes": [
        {"instance_types": ["m6i.2xlarge"], "minimum": 3, "desired": 5, "maximum": 9},
        {"instance_types": ["r5.xlarge", "m5.xlarge"]},
        {"disk_gib": 20},
    ],
    "cluster.addons": [{"efs_csi": True}, {"pod_identity_agent": True}, {"versions": {"coredns": "v1.14.4-eksbuild.1"}}],
    "database": [{"engine": "aurora-mysql"}, {"engine": "aurora-mysql", "instance_class": "db.serverless"}, {"multi_az": True}],
    "database.instance_class": ["db.r6g.xlarge", "db.t4g.large"],
    "database.backup_days": [1, 35],
    "database.deletion_protection": [True, False],
    "storage.on_removal": ["retain", "delete"],
    "storage.infrequent_access_days": [None, 30, 365],
    "storage.expire_artifacts_days": [None, 400],
}
"""Values that are right in each of the four files."""

BAD: dict[str, list[Any]] = {
    "account": [123456789012, "12345678901", "12345678901a", "\uff11" * 12, None, ["123456789012"]],
    "region": ["cn-north-2", "us-gov-west-1", "", "US-WEST-2", 1],
    "stage": ["staging", "Prod", True, None],
    "tags": [{"aws:x": "y"}, {"a": 1}, {"": "y"}, {"a": "x" * 257}, {"mlplatform:x": "y"}, {"Team": "a", "team": "b"}, {"a": "<"}],
    "network.cidr": ["10.0.0.0/8", "10.0.0.0/19", "10.0.0.1/16", "8.8.0.0/16", "fd00::/64", "ten", 10, "10.0.0.0", "172.20.0.0/16"],
    "network.availability_zones": [["eu-west-3a", "eu-west-3b"], ["us-west-2a"], [], "us-west-2a", [1, 2], ["us-west-2a"] * 2],
    "network.nat_gateways": [-1, 4, 1.5, "1", True, 10**30],
    "network.interface_endpoints": [["s4"], ["sts", "sts"], "sts", [None], {"sts": True}],
    "network.pod_cidr": ["10.0.0.0/30", "8.0.0.0/16", False, 5],
    "network.flow_log_days": [2, "30", 0, 30.5],
    "network.existing": [{"vpc_id": "vpc-1"}, {}, {"vpc_id": "vpc-12345678", "private_subnets": [], "database_subnets": []}],
    "cluster.version": ["1.30", 1.36, "latest", "", None],
    "cluster.endpoint_access": ["public", "PRIVATE", True],
    "cluster.public_access_cidrs": [[], ["10.0.0.0/8"], ["203.0.113.7"], "0.0.0.0/0", ["::/0"], ["203.0.113.0/24"] * 2],
    "cluster.administrators": [
        ["arn:aws-us-gov:iam::123456789012:role/a"],
        ["alice"],
        ["arn:aws:sts::123456789012:assumed-role/a/b"],
        "x",
        [1],
    ],
    "cluster.log_types": [["all"], ["audit", "audit"], "audit"],
    "cluster.service_cidr": ["172.20.0.0/28", "8.8.8.0/24", "0.0.0.0/0", "10.0.0.0/8"],
    "cluster.system_nodes": [
        {"minimum": 1},
        {"desired": 9, "maximum": 3},
        {"instance_types": []},
        {"instance_types": ["m6g.large"]},
        {"instance_types": ["m5.tiny"]},
        {"instance_types": ["g6.xlarge", 5]},
        {"disk_gib": 10},
        {"maximum": 10**12},
    ],
    "cluster.addons": [
        {"efs": True},
        {"versions": {"istio": "v1.0.0-eksbuild.1"}},
        {"versions": {"coredns": "latest"}},
        {"efs_csi": "yes"},
    ],
    "database.engine": ["postgres", "MySQL", None],
    "database.version": ["8.0.36", "5.7", 8.4, ""],
    "database.instance_class": ["db.m6g", "m6g.large", "db.x1.large", "db.t3.nano", 3],
    "database.storage_gib": [1, 65_537, "50", 10**6],
    "database.maximum_storage_gib": [40, 0],
    "database.backup_days": [0, 36, -3],
    "storage.on_removal": ["keep", False],
    "storage.noncurrent_days": [0, 5_000, "thirty"],
    "storage.expire_artifacts_days": [0, -1],
}
"""Values that are wrong in each of the four files."""

JUNK: list[Any] = [None, True, 0, -1, 1.5, 10**40, "", " ", "x" * 3_000, "\u202e\u2028", "💥", [], {}, [[]], [{}], {"a": {}}]
