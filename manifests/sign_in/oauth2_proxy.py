"""oauth2-proxy: the gateway asks it about every request, and it sends browsers that are not signed in to Dex.

Separate because it knows nobody: it keeps what Dex says in an encrypted cookie of the browser's, and has no state.
Source: https://github.com/oauth2-proxy/oauth2-proxy/tree/v7.15.2 .
"""

from typing import Any

from mlplatform.config.sections import SignInSettings
from mlplatform.config.settings import Settings
from mlplatform.manifests.namespaces import OAUTH2_PROXY
from mlplatform.manifests.objects import Object
from mlplatform.manifests.shapes import Resources, container, controller, http_probe, system_pod, variable
from mlplatform.manifests.shapes.mesh import GATEWAY_PODS, virtual_service
from mlplatform.manifests.shapes.network_policies import allow
from mlplatform.manifests.sign_in.addresses import CALLBACK, DEX, issuer
from mlplatform.manifests.sign_in.dex_config import CLIENT_ID
from mlplatform.manifests.sign_in.reloader import RESTARTS
from mlplatform.manifests.sign_in.secrets import CLIENT_SECRET, COOKIE_SECRET, PROXY

NAME = "oauth2-proxy"
COOKIE = "oauth2_proxy_kubeflow"
"""The cookie's name, which clients of others know."""
_PORT, _METRICS_PORT = 4180, 44180
_ASKED_BY_PROGRAMS = ("/api/", "/apis/", "^/ml_metadata")
"""Paths that pages ask for in the background: they get 401, where a redirect would begin a sign-in that nobody sees."""


def objects(settings: Settings) -> list[Object]:
    """Return oauth2-proxy, where it is found, and that the gateway alone reaches it."""
    template = pods(settings.image(NAME), settings.sign_in, issuer(settings.ingress, settings.sign_in))
    return [
        *controller(NAME, OAUTH2_PROXY, template, replicas=2, ports={"http": (80, "http")}),
        virtual_service(NAME, OAUTH2_PROXY, prefix="/oauth2/", port=80),
        allow(NAME, OAUTH2_PROXY, peers=[GATEWAY_PODS], ports=[_PORT]),
    ]


def pods(image: str, sign_in: SignInSettings, issuer: str) -> dict[str, Any]:
    """Return the template of its pods, which start anew with another secret."""
    main = container(
        NAME,
        image,
        Resources(cpu="25m", memory="64Mi", memory_limit="128Mi"),
        args=arguments(sign_in, issuer),
        env=[
            variable("OAUTH2_PROXY_CLIENT_SECRET", secret=(PROXY, CLIENT_SECRET)),
            variable("OAUTH2_PROXY_COOKIE_SECRET", secret=(PROXY, COOKIE_SECRET)),
        ],
        ports={"http": _PORT, "metrics": _METRICS_PORT},
        liveness=http_probe("/ping", "http"),
        readiness=http_probe("/ready", "http"),
        security={"runAsUser": 65532, "runAsGroup": 65532},
    )
    # It asks the API server nothing.
    return system_pod(NAME, [main], account=NAME, annotations=RESTARTS, automountServiceAccountToken=False)


def arguments(sign_in: SignInSettings, issuer: str) -> list[str]:
    """Return its arguments: https://oauth2-proxy.github.io/oauth2-proxy/configuration/overview .

    The cookie is for TLS alone, and works by `kubectl port-forward` all the same: browsers take http://localhost for safe (Safari does
    not). Addresses that a browser is sent to have no host, so that it stays at the one that it came by, with TLS or without.

    Requests with a token of their own never come here: the gateway's policy leaves them out, and its RequestAuthentications judge them.
    """
    return [
        f"--http-address=0.0.0.0:{_PORT}",
        f"--metrics-address=0.0.0.0:{_METRICS_PORT}",
        "--silence-ping-logging=true",
        "--provider=oidc",
        "--provider-display-name=ML platform",
        f"--client-id={CLIENT_ID}",
        f"--oidc-issuer-url={issuer}",
        "--scope=profile email groups openid",
        # Dex's own description of itself would name the address in the cluster to browsers, or that of browsers to this program.
        "--skip-oidc-discovery=true",
        "--login-url=/dex/auth",
        f"--redeem-url={DEX}/token",
        f"--oidc-jwks-url={DEX}/keys",
        "--code-challenge-method=S256",
        f"--redirect-url={CALLBACK}",
        "--relative-redirect-url=true",
        # Without it, it would have Dex ask people for their approval every time.
        "--prompt=none",
        *(f"--email-domain={domain}" for domain in email_domains(sign_in)),
        # It only answers the gateway, whether a request may pass; what passes goes elsewhere.
        "--upstream=static://200",
        *(f"--api-route={path}" for path in _ASKED_BY_PROGRAMS),
        # The mesh reads who it is from the token, and nothing else.
        "--set-authorization-header=true",
        "--set-xauthrequest=true",
        f"--cookie-name={COOKIE}",
        "--cookie-secure=true",
        "--cookie-httponly=true",
        "--cookie-samesite=lax",
        # As long as Dex's token is good: with an older one the mesh would refuse what this program lets pass.
        f"--cookie-expire={sign_in.session_hours}h",
        "--cookie-refresh=0s",
        # A page first: one that renews itself in the background begins no sign-ins.
        "--skip-provider-button=false",
        "--custom-sign-in-logo=-",
        "--banner=-",
        "--footer=-",
    ]


def email_domains(sign_in: SignInSettings) -> list[str]:
    """Return whose addresses may sign in: as the settings say, everybody that a connector vouches for, or the named people alone."""
    if sign_in.email_domains:
        return sorted(sign_in.email_domains)
    if sign_in.connectors:
        return ["*"]
    # It insists on one. Where nobody is named yet, it is one that nobody has: https://www.rfc-editor.org/rfc/rfc2606
    return sorted({user.rpartition("@")[2] for user in sign_in.users}) or ["invalid"]
