"""A region without services."""

import pytest

from mlplatform.local.aws.resources.contract import ResourceType
from mlplatform.local.aws.stacks.state import Region
from tests.local.aws.stacks.recorded import Cloud, Recorded


@pytest.fixture
def cloud() -> Cloud:
    recorded = Recorded()
    absent = "AWS::Route53::HostedZone"

    def types(name: str) -> ResourceType | None:
        return None if name == absent else recorded

    region = Region(
        account="123456789012",
        name="cn-north-1",
        partition="aws-cn",
        url_suffix="amazonaws.com.cn",
        endpoint="http://127.0.0.1:1",
        types=types,
        seed=7,
    )
    return Cloud(recorded, region)
