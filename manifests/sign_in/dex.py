"""Dex: asks people who they are, or somebody who knows them, and signs what it learns.

Separate because it alone sees passwords. Source: https://github.com/dexidp/dex/tree/v2.45.1 .
"""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from mlplatform.config.sections import SignInSettings
from mlplatform.config.settings import Settings
from mlplatform.manifests.namespaces import AUTH, ISTIO, OAUTH2_PROXY
from mlplatform.manifests.objects import Object, at
from mlplatform.manifests.shapes import (
    Resources,
    checksum,
    config_map,
    config_volume,
    container,
    deployment,
    disruption_budget,
    http_probe,
    role,
    role_binding,
    rule,
    secret_volume,
    service,
    service_account,
    system_pod,
    variable,
)
from mlplatform.manifests.shapes.mesh import GATEWAY_PODS, virtual_service
from mlplatform.manifests.shapes.network_policies import Peer, allow, pods_of, pods_with
from mlplatform.manifests.sign_in.addresses import PORT_FORWARDS, servers
from mlplatform.manifests.sign_in.connectors import CA_FOLDER, DOLLAR, secret_variable
from mlplatform.manifests.sign_in.dex_config import CLIENT_SECRET_VARIABLE, HEALTH_PORT, PORT, configuration
from mlplatform.manifests.sign_in.dex_definitions import GROUP, KINDS
from mlplatform.manifests.sign_in.reloader import RESTARTS
from mlplatform.manifests.sign_in.secrets import CLIENT_SECRET, DEX_CLIENT, DEX_PASSWORDS, connector_secret, hash_key

NAME = "dex"
_CONFIG = "/etc/dex/cfg"
_WRITTEN = ("AuthCode", "AuthRequest", "SigningKey")
"""What Dex writes with one client, one kind of grant and a list of people that is in its configuration."""


def objects(settings: Settings) -> list[Object]:
    """Return Dex, what it may do, where it is found and who reaches it."""
    (_, issuer), *others = servers(settings.ingress, settings.sign_in).items()
    return [
        *_permissions(),
        *_server(settings, NAME, issuer, replicas=2, peers=[pods_with({"app": "istiod"}, ISTIO), pods_of(OAUTH2_PROXY, OAUTH2_PROXY)]),
        service_account(NAME, AUTH),
        path([name for name, _ in others]),
        *(made for name, issuer in others for made in _server(settings, name, issuer, replicas=1, peers=[])),
    ]


def path(for_forwarded_ports: Sequence[str]) -> Object:
    """Return the path that leads to Dex, and that of browsers at a forwarded port to the Service that is for them, where there is one."""
    everyone: Any = virtual_service(NAME, AUTH, prefix="/dex/", port=PORT)
    routes = [
        {**route, "match": [{**match, "authority": {"exact": urlsplit(url).netloc}} for match in route["match"] for url in PORT_FORWARDS]}
        for service in for_forwarded_ports
        for route in at(virtual_service(NAME, AUTH, prefix="/dex/", port=PORT, service=service), "spec", "http")
    ]
    return {**everyone, "spec": {**everyone["spec"], "http": [*routes, *everyone["spec"]["http"]]}}


def _server(settings: Settings, name: str, issuer: str, *, replicas: int, peers: Sequence[Peer]) -> list[Object]:
    written = configuration(settings.sign_in, issuer)
    template = pods(settings.image(NAME), settings.sign_in, written, name=name)
    return [
        config_map(name, AUTH, {"config.yaml": written}),
        deployment(name, AUTH, template, replicas=replicas),
        service(name, AUTH, {"dex": (PORT, "http")}),
        *([disruption_budget(name, AUTH)] if replicas > 1 else ()),
        allow(name, AUTH, peers=[GATEWAY_PODS, *peers], ports=[PORT]),
    ]


def pods(image: str, sign_in: SignInSettings, written: str, *, name: str = NAME) -> dict[str, Any]:
    """Return the template of Dex's pods, which start anew with another configuration or secret."""
    authorities = [
        connector_name for connector_name, connector in sign_in.connectors.items() if connector.ldap and connector.ldap.ca_secret
    ]
    main = container(
        NAME,
        image,
        Resources(cpu="50m", memory="64Mi", memory_limit="256Mi"),
        # Not the image's entry point: it fills templates in, and writes files for that.
        command=["dex", "serve", f"{_CONFIG}/config.yaml"],
        env=list(_variables(sign_in)),
        ports={"http": PORT, "health": HEALTH_PORT},
        read_only_mounts={"config": _CONFIG, **{_authority(each): f"{CA_FOLDER}/{each}" for each in authorities}},
        liveness=http_probe("/healthz/live", "health"),
        readiness=http_probe("/dex/healthz", "http"),
        security={"runAsUser": 1001, "runAsGroup": 1001},
    )
    volumes = [config_volume("config", name), *_authorities(authorities)]
    return system_pod(name, [main], account=NAME, annotations={**checksum({"config": written}), **RESTARTS}, volumes=volumes)


def _variables(sign_in: SignInSettings) -> Iterator[dict[str, Any]]:
    yield variable("KUBERNETES_POD_NAMESPACE", field="metadata.namespace")
    yield variable(CLIENT_SECRET_VARIABLE, secret=(DEX_CLIENT, CLIENT_SECRET))
    for user in sign_in.users:
        yield variable(hash_key(user), secret=(DEX_PASSWORDS, hash_key(user)))
    for name in sign_in.connectors:
        yield variable(secret_variable(name), secret=(connector_secret(name), "secret"))
    if sign_in.connectors:
        yield variable(DOLLAR, "$")


def _permissions() -> list[Object]:
    """Return what Dex may do: it looks for every kind of its own when it starts, in its own namespace, and writes three of them."""
    written = [KINDS[kind] for kind in _WRITTEN]
    rules = [
        rule(GROUP, written, ["get", "list", "create", "update", "delete"]),
        rule(GROUP, [plural for plural in KINDS.values() if plural not in written], ["get", "list"]),
    ]
    return [role(NAME, AUTH, rules), role_binding(NAME, AUTH, NAME, NAME)]


def _authorities(names: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {**secret_volume(_authority(name), connector_secret(name)), "secret": {"secretName": connector_secret(name), "items": _CA_ALONE}}
        for name in names
    ]


def _authority(name: str) -> str:
    return f"authority-{name}"


_CA_ALONE = [{"key": "ca.crt", "path": "ca.crt"}]
