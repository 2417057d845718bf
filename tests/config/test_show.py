from mlplatform.config.document import parse
from mlplatform.config.load import environments, examine, load
from mlplatform.config.show import as_yaml

CHINA_DEV = """\
account: '123456789012'
region: cn-north-1
stage: dev
tags:
  cost-centre: ml-platform
network:
  cidr: 10.0.0.0/16
  availability_zones:
    - cn-north-1a
    - cn-north-1b
    - cn-north-1d
  nat_gateways: 1
  interface_endpoints: []
  pod_cidr: null
  flow_log_days: 30
  existing: null
cluster:
  version: '1.36'
  endpoint_access: public_and_private
  public_access_cidrs:
    - 0.0.0.0/0
  administrators: []
  log_types:
    - audit
    - authenticator
  log_days: 30
  service_cidr: 172.20.0.0/16
  system_nodes:
    instance_types:
      - m5.xlarge
    minimum: 2
    desired: 2
    maximum: 4
    disk_gib: 100
  addons:
    efs_csi: false
    pod_identity_agent: false
    versions: {}
compute:
  pools:
    cpu:
      accelerator: none
      families:
        - m5
        - m6i
        - c5
        - c6i
        - r5
        - r6i
      sizes:
        - large
        - xlarge
        - 2xlarge
        - 4xlarge
      gpus_per_node: 1
      capacity:
        - spot
        - on-demand
      capacity_reservations: []
      limits:
        gpus: null
        vcpus: 64
        memory_gib: null
      idle_seconds: 60
      zones: []
      disk:
        gib: 100
        iops: 3000
        throughput: 125
        kms_key: null
      image_pull: standard
      instance_store: none
      sharing: null
      labels: {}
      taints: []
      weight: null
      budgets: []
      expiry_hours: 720
    gpu:
      accelerator: nvidia
      families:
        - g4dn
        - g5
      sizes: []
      gpus_per_node: 1
      capacity:
        - spot
        - on-demand
      capacity_reservations: []
      limits:
        gpus: 4
        vcpus: null
        memory_gib: null
      idle_seconds: 60
      zones: []
      disk:
        gib: 200
        iops: 3000
        throughput: 600
        kms_key: null
      image_pull: fast
      instance_store: raid0
      sharing: null
      labels: {}
      taints: []
      weight: null
      budgets: []
      expiry_hours: null
  ami_version: v20260724
  logs:
    collected: true
    days: 30
images:
  source: mirror
  prefix: mlplatform
  public_hosts: []
database:
  engine: mysql
  version: 8.4.9
  instance_class: db.t4g.medium
  storage_gib: 50
  maximum_storage_gib: 200
  multi_az: false
  backup_days: 7
  deletion_protection: false
storage:
  on_removal: delete
  noncurrent_days: 30
  infrequent_access_days: null
  expire_artifacts_days: null
  access_log_days: 90
kubeflow:
  components:
    - entrance
    - sign-in
    - profiles
    - pod-defaults
    - dashboard
ingress:
  access: port-forward
  host: null
  certificate: null
  allowed_cidrs: []
  icp_recordal: null
sign_in:
  users:
    - user@example.com
  connectors: {}
  email_domains: []
  session_hours: 24
  machine_tokens: cluster
tenants:
  vision:
    owner: user@example.com
    members: {}
    quota:
      cpu: '16'
      memory: 64Gi
      gpus: 2
      storage: 200Gi
      pods: 200
    containers:
      cpu: 500m
      memory: 1Gi
      largest_cpu: null
      largest_memory: null
    pools: null
    removal: keep
  language:
    owner: user@example.com
    members: {}
    quota:
      cpu: '8'
      memory: 32Gi
      gpus: 0
      storage: 100Gi
      pods: 200
    containers:
      cpu: 500m
      memory: 1Gi
      largest_cpu: null
      largest_memory: null
    pools:
      - cpu
    removal: delete
"""


def test_effective_settings_hold_every_value():
    assert as_yaml(load("china-dev")) == CHINA_DEV


def test_what_is_shown_is_a_file_that_says_the_same():
    for name in environments():
        settings = load(name)
        again, problems = examine(name, parse(as_yaml(settings).encode()))
        assert problems == []
        assert again == settings
