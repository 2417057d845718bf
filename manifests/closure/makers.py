"""What controllers make from the objects that they watch, so that nobody has to declare it.

Separate because it is what the controllers do, written once: a Certificate becomes a Secret, a Profile a namespace.
"""

from collections.abc import Callable, Iterator

from mlplatform.manifests import brought
from mlplatform.manifests.objects import Object, Ref, at, each, entries, fields, text
from mlplatform.manifests.wave import Brought


def made_from(ref: Ref, obj: Object) -> Iterator[Brought]:
    """Yield what controllers make from one object."""
    if maker := MAKERS.get(ref.kind):
        yield from maker(ref, obj)


def _namespace(ref: Ref, _: Object) -> Iterator[Brought]:
    """Every namespace gets a ServiceAccount and the API server's certificate authority."""
    yield brought.named("v1", "ServiceAccount", "default", ref.name, by="Kubernetes", source=ref)
    yield brought.config_map(ref.name, "kube-root-ca.crt", ("ca.crt",), by="Kubernetes", source=ref)


def _stateful_set(ref: Ref, obj: Object) -> Iterator[Brought]:
    """https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-storage ."""
    replicas = at(obj, "spec", "replicas")
    for template in entries(obj, "spec", "volumeClaimTemplates"):
        for ordinal in range(replicas if isinstance(replicas, int) else 1):
            name = f"{text(template, 'metadata', 'name')}-{ref.name}-{ordinal}"
            yield brought.named("v1", "PersistentVolumeClaim", name, ref.namespace, by="Kubernetes", source=ref)


def _token_secret(ref: Ref, obj: Object) -> Iterator[Brought]:
    """https://kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets ."""
    if text(obj, "type") == "kubernetes.io/service-account-token":
        yield brought.secret(ref.namespace, ref.name, ("token", "ca.crt", "namespace"), by="Kubernetes", source=ref)


def _certificate(ref: Ref, obj: Object) -> Iterator[Brought]:
    """https://cert-manager.io/docs/usage/certificate/#target-secret ."""
    keys = ["tls.crt", "tls.key", "ca.crt"]
    for store, suffix in (("jks", "jks"), ("pkcs12", "p12")):
        if at(obj, "spec", "keystores", store, "create") is True:
            keys += [f"keystore.{suffix}", f"truststore.{suffix}"]
    if name := text(obj, "spec", "secretName"):
        yield brought.secret(ref.namespace, name, keys, by="cert-manager", source=ref)


def _external_secret(ref: Ref, obj: Object) -> Iterator[Brought]:
    """https://external-secrets.io/latest/api/externalsecret/ ; keys of `dataFrom` are known to the store alone: declare those."""
    if text(obj, "spec", "target", "creationPolicy") in ("None", "Merge"):
        return
    name = text(obj, "spec", "target", "name") or ref.name
    template = fields(obj, "spec", "target", "template", "data")
    keys = [text(entry, "secretKey") for _, entry in each(obj, "spec", "data")]
    keeps = not template or text(obj, "spec", "target", "template", "mergePolicy") == "Merge"
    yield brought.secret(ref.namespace, name, [*template, *(keys if keeps else ())], by="External Secrets", source=ref)


def _profile(ref: Ref, _: Object) -> Iterator[Brought]:
    """https://github.com/kubeflow/dashboard: the profile controller's namespace, ServiceAccounts and role bindings."""
    by = "Kubeflow's profile controller"
    labels = {"app.kubernetes.io/part-of": "kubeflow-profile", "istio-injection": "enabled"}
    yield brought.namespace(ref.name, labels, by=by, source=ref)
    for account in ("default-editor", "default-viewer"):
        yield brought.named("v1", "ServiceAccount", account, ref.name, by=by, source=ref)


MAKERS: dict[str, Callable[[Ref, Object], Iterator[Brought]]] = {
    "Namespace": _namespace,
    "StatefulSet.apps": _stateful_set,
    "Secret": _token_secret,
    "Certificate.cert-manager.io": _certificate,
    "ExternalSecret.external-secrets.io": _external_secret,
    "Profile.kubeflow.org": _profile,
}
"""What each kind becomes; a kind that is not here becomes nothing but itself."""
