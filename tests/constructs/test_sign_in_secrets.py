"""The secrets of sign-in as CloudFormation makes them."""

import base64
import json
import string
from typing import Any

from aws_cdk import App, Stack
from aws_cdk import aws_kms as kms
from aws_cdk.assertions import Template
from hypothesis import given
from hypothesis import strategies as st

from mlplatform.config.settings import Settings
from mlplatform.constructs.sign_in_secrets import SignInSecrets
from mlplatform.manifests.sign_in.secrets import COOKIE_LENGTH, made
from tests.constructs.test_pod_role import ISSUER
from tests.manifests.sign_in.people import connectors, users


def template(of: Settings) -> Template:
    stack = Stack(App(analytics_reporting=False), "stack")
    SignInSecrets(stack, "SignIn", names=of.names, sign_in=of.sign_in, key=kms.Key(stack, "Key"), issuer=ISSUER)
    return Template.from_stack(stack)


def secrets(of: Settings) -> dict[str, Any]:
    found = template(of).find_resources("AWS::SecretsManager::Secret").values()
    return {resource["Properties"]["Name"]: resource["Properties"] for resource in found}


def test_each_secret_that_sign_in_takes_of_the_platforms_own_is_made() -> None:
    for of in (users(), connectors()):
        assert set(secrets(of)) == {of.names.secret(purpose) for purpose in made(of.sign_in)}


def test_no_template_holds_a_value_and_every_secret_is_encrypted_with_the_given_key() -> None:
    for properties in secrets(users()).values():
        assert "SecretString" not in properties
        assert properties["GenerateSecretString"]["PasswordLength"] >= 24
        assert "Fn::GetAtt" in properties["KmsKeyId"]


@given(st.text(string.ascii_letters + string.digits, min_size=COOKIE_LENGTH, max_size=COOKIE_LENGTH))
def test_whatever_the_cookies_secret_is_oauth2_proxy_reads_a_key_of_aes_256(value: str) -> None:
    # base64.RawURLEncoding, as its pkg/encryption/utils.go decodes it
    assert len(base64.urlsafe_b64decode(f"{value}=")) == 32


def test_the_cookies_secret_has_that_length_and_letters_and_digits_alone() -> None:
    generated = secrets(users())["users/sign-in/cookie"]["GenerateSecretString"]
    assert generated == {"PasswordLength": COOKIE_LENGTH, "ExcludePunctuation": True}


def test_each_namespace_reads_its_own_secrets_alone() -> None:
    roles = template(connectors()).find_resources("AWS::IAM::Role").values()
    may = {role["Properties"]["RoleName"]: json.dumps(role["Properties"]["Policies"]) for role in roles}
    assert set(may) == {"connectors-us-west-2-secrets-auth", "connectors-us-west-2-secrets-oauth2-proxy"}
    auth, proxy = may["connectors-us-west-2-secrets-auth"], may["connectors-us-west-2-secrets-oauth2-proxy"]
    assert "secret:team/ldap-??????" in auth
    assert "team/" not in proxy
    assert "sign-in/cookie" in proxy
    assert "sign-in/cookie" not in auth
