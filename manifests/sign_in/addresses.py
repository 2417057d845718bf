"""Under which addresses sign-in is found: by browsers, by the platform's own pods, and by those who vouch for people.

Separate because Dex, oauth2-proxy, the mesh and `mlp sign-in` must spell them alike.
"""

from mlplatform.config.sections import IngressSettings, SignInSettings

DEX = "http://dex.auth.svc.cluster.local:5556/dex"
"""Dex as pods of the platform reach it, and as upstream names it."""
CALLBACK = "/oauth2/callback"
"""Where Dex sends a browser back to, without a host: it stays at the address that it came by, whichever that is."""
PORT_FORWARDS = ("http://localhost:8080", "http://localhost:8081")
"""The addresses that `kubectl port-forward` is documented to open."""
PORT_FORWARD = "dex-port-forward"
"""The Dex that browsers at a forwarded port are sent to, where there is a second one."""


def opened(ingress: IngressSettings) -> tuple[str, ...]:
    """Return the addresses that people open, the one for everyone first."""
    return (f"https://{ingress.host}", *PORT_FORWARDS) if ingress.host else PORT_FORWARDS


def sends_away(sign_in: SignInSettings) -> bool:
    """Whether a connector sends browsers to a page of its own and gets them back; directories and passwords do not."""
    return any(connector.oidc or connector.github for connector in sign_in.connectors.values())


def issuer(ingress: IngressSettings, sign_in: SignInSettings) -> str:
    """Return who tokens say they are from.

    It is upstream's name in the cluster, unless a connector sends browsers away: they come back to the issuer's own `/callback`, and Dex
    takes no other (https://github.com/dexidp/dex/blob/v2.45.1/server/handlers.go). Nobody looks anything up at the issuer: the mesh and
    oauth2-proxy have Dex's address in the cluster for that.
    """
    return f"{opened(ingress)[0]}/dex" if sends_away(sign_in) else DEX


def servers(ingress: IngressSettings, sign_in: SignInSettings) -> dict[str, str]:
    """Return the issuer of each Dex that there is, by the name of its Service.

    Whoever forwards a port may reach no load balancer. A connector that sends browsers away would bring them back to it, so that a second Dex
    takes them back to the forwarded port; it keeps what it learns where the first one looks for it, and only that one makes tokens.
    """
    first = {"dex": issuer(ingress, sign_in)}
    return {**first, PORT_FORWARD: f"{PORT_FORWARDS[0]}/dex"} if ingress.host and sends_away(sign_in) else first


def callbacks(ingress: IngressSettings, sign_in: SignInSettings) -> dict[str, list[str]]:
    """Return what to register with those who vouch for people, by the connector's name."""
    urls = [f"{issuer}/callback" for issuer in servers(ingress, sign_in).values()]
    return {name: urls for name, connector in sign_in.connectors.items() if connector.oidc or connector.github}
