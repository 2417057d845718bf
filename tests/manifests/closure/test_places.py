"""Every place in an object that holds a reference, with the finding that an empty cluster leads to."""

from typing import Any

import pytest
from ruamel.yaml import YAML

from mlplatform.manifests import brought
from mlplatform.manifests.closure import check
from mlplatform.manifests.wave import Wave

BY = "a chart"
BASE = Wave(
    "base",
    brought=[
        brought.namespace("app", by=BY),
        brought.kind("gateways", "Gateway", "networking.istio.io", ["v1"], by=BY),
        brought.kind("virtualservices", "VirtualService", "networking.istio.io", ["v1"], by=BY),
        brought.kind("destinationrules", "DestinationRule", "networking.istio.io", ["v1"], by=BY),
        brought.kind("authorizationpolicies", "AuthorizationPolicy", "security.istio.io", ["v1"], by=BY),
        brought.kind("certificates", "Certificate", "cert-manager.io", ["v1"], by=BY),
        brought.kind("externalsecrets", "ExternalSecret", "external-secrets.io", ["v1"], by=BY),
        brought.kind("clustersecretstores", "ClusterSecretStore", "external-secrets.io", ["v1"], by=BY, namespaced=False),
        brought.kind("trainjobs", "TrainJob", "trainer.kubeflow.org", ["v1alpha1"], by=BY),
        brought.kind("clustertrainingruntimes", "ClusterTrainingRuntime", "trainer.kubeflow.org", ["v1alpha1"], by=BY, namespaced=False),
        brought.config_map("app", "known", ["here"], by=BY),
        brought.pods("app", "door", {"istio": "door"}, by=BY),
    ],
)

IN_PODS = [
    ("containers: [{name: c, envFrom: [{secretRef: {name: s}}]}]", "containers[0].envFrom[0].secretRef", "Secret app/s"),
    ("containers: [{name: c, envFrom: [{configMapRef: {name: s}}]}]", "containers[0].envFrom[0].configMapRef", "ConfigMap app/s"),
    (
        "initContainers: [{name: i, env: [{name: E, valueFrom: {configMapKeyRef: {name: known, key: absent}}}]}], containers: [{name: c}]",
        "initContainers[0].env[0].valueFrom.configMapKeyRef",
        "key 'absent' of ConfigMap app/known",
    ),
    ("containers: [{name: c}], volumes: [{name: v, secret: {secretName: s}}]", "volumes[0].secret", "Secret app/s"),
    (
        "containers: [{name: c}], volumes: [{name: v, configMap: {name: known, items: [{key: here}, {key: absent}]}}]",
        "volumes[0].configMap.items[1]",
        "key 'absent' of ConfigMap app/known",
    ),
    (
        "containers: [{name: c}], volumes: [{name: v, projected: {sources: [{secret: {name: s, items: [{key: k}]}}]}}]",
        "volumes[0].projected.sources[0].secret.items[0]",
        "key 'k' of Secret app/s",
    ),
    (
        "containers: [{name: c, volumeMounts: [{name: v, subPath: absent}]}], volumes: [{name: v, configMap: {name: known}}]",
        "containers[0].volumeMounts[0].subPath",
        "key 'absent' of ConfigMap app/known",
    ),
    ("containers: [{name: c}], imagePullSecrets: [{name: s}]", "imagePullSecrets[0]", "Secret app/s"),
    (
        "containers: [{name: c}], volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]",
        "volumes[0].persistentVolumeClaim.claimName",
        "PersistentVolumeClaim app/data",
    ),
    (
        "containers: [{name: c}], volumes: [{name: v, ephemeral: {volumeClaimTemplate: {spec: {storageClassName: fast}}}}]",
        "volumes[0].ephemeral.volumeClaimTemplate.spec.storageClassName",
        "StorageClass fast",
    ),
    ("containers: [{name: c, livenessProbe: {tcpSocket: {port: db}}}]", "containers[0].livenessProbe.tcpSocket.port", "port 'db' of container 'c'"),
    (
        "containers: [{name: c, lifecycle: {preStop: {httpGet: {port: http}}}}]",
        "containers[0].lifecycle.preStop.httpGet.port",
        "port 'http' of container 'c'",
    ),
]  # fmt: skip

IN_OBJECTS = [
    ("v1", "ServiceAccount", "imagePullSecrets: [{name: s}]", "imagePullSecrets[0]", "Secret app/s"),
    ("networking.k8s.io/v1", "Ingress", "spec: {ingressClassName: alb}", "spec.ingressClassName", "IngressClass alb"),
    ("networking.k8s.io/v1", "Ingress", "spec: {}", "spec.ingressClassName", "a default IngressClass"),
    ("autoscaling/v2", "HorizontalPodAutoscaler", "spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}", "spec.scaleTargetRef", "Deployment app/web"),
    ("apps/v1", "StatefulSet", "spec: {serviceName: db}", "spec.serviceName", "Service app/db"),
    ("apps/v1", "StatefulSet", "spec: {volumeClaimTemplates: [{metadata: {name: d}, spec: {storageClassName: fast}}]}", "spec.volumeClaimTemplates[0].spec.storageClassName", "StorageClass fast"),
    ("rbac.authorization.k8s.io/v1", "RoleBinding", "roleRef: {kind: ClusterRole, name: admin}\nsubjects: [{kind: ServiceAccount, name: robot, namespace: app}]", "subjects[0]", "ServiceAccount app/robot"),
    ("rbac.authorization.k8s.io/v1", "RoleBinding", "roleRef: {kind: ClusterRole, name: admin}\nsubjects: [{kind: ServiceAccount, name: robot}]", "subjects[0]", "ServiceAccount app/robot"),
    ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "roleRef: {kind: ClusterRole, name: ours}", "roleRef", "ClusterRole ours"),
    ("admissionregistration.k8s.io/v1", "MutatingAdmissionPolicyBinding", "spec: {policyName: images}", "spec.policyName", "MutatingAdmissionPolicy images"),
    ("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding", "spec: {policyName: images}", "spec.policyName", "ValidatingAdmissionPolicy images"),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinition", "spec: {conversion: {webhook: {clientConfig: {service: {name: s, namespace: app, port: 8443}}}}}", "spec.conversion.webhook.clientConfig.service", "port 8443 of Service app/s"),
    ("networking.istio.io/v1", "VirtualService", "spec: {gateways: [mesh, other/door]}", "spec.gateways[1]", "Gateway other/door"),
    ("networking.istio.io/v1", "VirtualService", "spec: {tcp: [{route: [{destination: {host: db}}]}]}", "spec.tcp[0].route[0].destination", "Service app/db"),
    ("networking.istio.io/v1", "VirtualService", "spec: {http: [{mirror: {host: api.example.com}}]}", "spec.http[0].mirror", "a Service or ServiceEntry for host api.example.com"),
    ("networking.istio.io/v1", "DestinationRule", "spec: {host: db.app.svc.cluster.local}", "spec.host", "Service app/db"),
    ("networking.istio.io/v1", "Gateway", "spec: {selector: {istio: door}, servers: [{tls: {credentialName: cert}}]}", "spec.servers[0].tls.credentialName", "Secret app/cert"),
    ("networking.istio.io/v1", "Gateway", "spec: {selector: {istio: window}}", "spec.selector", "pods with istio=window in any namespace"),
    ("security.istio.io/v1", "AuthorizationPolicy", "spec: {selector: {matchLabels: {app: web}}}", "spec.selector", "pods with app=web in namespace app"),
    ("security.istio.io/v1", "AuthorizationPolicy", "spec: {rules: [{from: [{source: {principals: ['*', cluster.local/ns/app/sa/door]}}]}]}", "spec.rules[0].from[0].source.principals[1]", "ServiceAccount app/door"),
    ("cert-manager.io/v1", "Certificate", "spec: {issuerRef: {name: own}}", "spec.issuerRef", "Issuer app/own"),
    ("cert-manager.io/v1", "Certificate", "spec: {issuerRef: {kind: ClusterIssuer, name: own}}", "spec.issuerRef", "ClusterIssuer app/own"),
    ("external-secrets.io/v1", "ExternalSecret", "spec: {secretStoreRef: {kind: ClusterSecretStore, name: aws}}", "spec.secretStoreRef", "ClusterSecretStore aws"),
    ("external-secrets.io/v1", "ClusterSecretStore", "spec: {provider: {aws: {auth: {jwt: {serviceAccountRef: {name: es, namespace: app}}}}}}", "spec.provider.aws.auth.jwt.serviceAccountRef", "ServiceAccount app/es"),
    ("trainer.kubeflow.org/v1alpha1", "TrainJob", "spec: {runtimeRef: {name: torch}}", "spec.runtimeRef", "ClusterTrainingRuntime torch"),
]  # fmt: skip


def found(obj: Any) -> list[tuple[str, str]]:
    return [(finding.path, finding.needed) for finding in check([BASE, Wave("platform", [obj])])]


def parsed(text: str) -> Any:
    yaml: Any = YAML(typ="safe")
    return yaml.load(text)


@pytest.mark.parametrize(("spec", "path", "needed"), IN_PODS, ids=[path for _, path, _ in IN_PODS])
def test_what_a_pod_needs_is_found_where_it_asks(spec: str, path: str, needed: str) -> None:
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "pod", "namespace": "app"}, "spec": parsed(f"{{{spec}}}")}
    assert found(pod) == [(f"spec.{path}", needed)]


@pytest.mark.parametrize(("path", "version", "kind"), [(("spec", "template"), "apps/v1", "Deployment"), (("spec", "jobTemplate", "spec", "template"), "batch/v1", "CronJob")])  # fmt: skip
def test_pods_are_found_in_whatever_makes_them(path: tuple[str, ...], version: str, kind: str) -> None:
    inner: Any = {"spec": {"serviceAccountName": "robot", "containers": [{"name": "main"}]}}
    for key in reversed(path):
        inner = {key: inner}
    obj = {"apiVersion": version, "kind": kind, "metadata": {"name": "maker", "namespace": "app"}, **inner}
    assert found(obj) == [(".".join((*path, "spec", "serviceAccountName")), "ServiceAccount app/robot")]


@pytest.mark.parametrize(
    ("version", "kind", "body", "path", "needed"), IN_OBJECTS, ids=[f"{kind}-{path}-{needed}" for _, kind, _, path, needed in IN_OBJECTS]
)
def test_what_an_object_needs_is_found_where_it_asks(version: str, kind: str, body: str, path: str, needed: str) -> None:
    obj = {"apiVersion": version, "kind": kind, "metadata": {"name": "object", "namespace": "app"}, **parsed(body)}
    assert (path, needed) in found(obj)
    assert len(found(obj)) == 1
