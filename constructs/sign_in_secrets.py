"""The secrets of sign-in in Secrets Manager, and the roles that External Secrets reads them with.

Separate because they are made before anything that takes them, and their values are nowhere but there: not in a template, not in a chart.
"""

from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from mlplatform.config.names import Names
from mlplatform.config.sections import SignInSettings
from mlplatform.constructs.pod_role import TokenIssuer
from mlplatform.constructs.secret_reader import SecretReader
from mlplatform.manifests.sign_in.secrets import CLIENT, CLIENT_LENGTH, COOKIE, COOKIE_LENGTH, PASSWORD_LENGTH, password_purpose, read


class SignInSecrets(Construct):
    """Values that Secrets Manager makes up by itself, once, and that a person may replace; none is the same in two environments."""

    def __init__(self, scope: Construct, id: str, *, names: Names, sign_in: SignInSettings, key: kms.Key, issuer: TokenIssuer) -> None:
        """Make the secrets and the roles.

        Args:
            scope: The stack that sign-in's releases are installed by.
            id: The construct's id.
            names: The environment's.
            sign_in: Who may sign in: each person with a password of the platform's own has a secret.
            key: What they are encrypted with.
            issuer: Who signs the cluster's tokens.
        """
        super().__init__(scope, id)
        self._names, self._key = names, key
        self._make(self, "Client", CLIENT, "What oauth2-proxy proves itself to Dex with", CLIENT_LENGTH)
        self._make(self, "Cookie", COOKIE, "What browsers' sign-in cookies are encrypted with", COOKIE_LENGTH)
        users = Construct(self, "Users")
        for user in sign_in.users:
            self._make(users, user, password_purpose(user), f"Initial password of {user}", PASSWORD_LENGTH)
        readers = Construct(self, "Readers")
        for namespace, secrets in read(names, sign_in).items():
            SecretReader(readers, namespace, names=names, issuer=issuer, namespace=namespace, secrets=secrets)

    def _make(self, scope: Construct, id: str, purpose: str, description: str, length: int) -> None:
        secretsmanager.CfnSecret(
            scope,
            id,
            name=self._names.secret(purpose),
            description=description,
            kms_key_id=self._key.key_arn,
            # In a shell, a URL and a variable it stands as it is.
            generate_secret_string=secretsmanager.CfnSecret.GenerateSecretStringProperty(password_length=length, exclude_punctuation=True),
        )
