"""The role by which EC2 buys spot instances for an account.

Separate because an account has one, whoever makes it first: in a template it would fail wherever it exists.
"""

from typing import Any

from botocore.exceptions import ClientError

_TAKEN = "has been taken"


def ensure_spot_role(iam: Any, principal: str) -> bool:
    """Make the service-linked role for spot instances where the account has none.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/service-linked-roles-spot-instance-requests.html

    Args:
        iam: A boto3 client of IAM.
        principal: The service's name in the account's partition.

    Returns:
        Whether it was made now.

    Raises:
        ClientError: AWS refuses for another reason than that the role is there.
    """
    try:
        iam.create_service_linked_role(AWSServiceName=principal)
    except ClientError as error:
        if _TAKEN in str(error):
            return False
        raise
    return True
