"""`AWS::Lambda::Function`: code that AWS runs, from a bucket, an image or the template itself.

Separate because code and configuration change by different calls.
"""

import io
import zipfile
from typing import Any

from mlplatform.local.aws.resources.contract import Applied, Place, Properties
from mlplatform.local.aws.resources.inputs import fit
from mlplatform.local.aws.resources.lifetime import absence_forgiven, changed, physical_name, retag, tags_of, undone_on_failure

_CONFIGURATION: dict[str, Any] = {
    "DeadLetterConfig": {"TargetArn": ""},
    "Description": "",
    "Environment": {"Variables": {}},
    "EphemeralStorage": {"Size": 512},
    "FileSystemConfigs": [],
    "Handler": None,
    "ImageConfig": {},
    "KmsKeyArn": "",
    "Layers": [],
    "LoggingConfig": {"LogFormat": "Text"},
    "MemorySize": 128,
    "Role": None,
    "Runtime": None,
    "Timeout": 3,
    "TracingConfig": {"Mode": "PassThrough"},
    "VpcConfig": {"SubnetIds": [], "SecurityGroupIds": []},
}
"""What UpdateFunctionConfiguration takes, and what each is once a template no longer names it."""
_EPOCH = (1980, 1, 1, 0, 0, 0)


class Function:
    """A function; `Ref` is its name."""

    properties = frozenset(
        {"Architectures", "Code", "FunctionName", "PackageType", "ReservedConcurrentExecutions", "Tags", *_CONFIGURATION}
    )

    def create(self, place: Place, properties: Properties) -> Applied:
        """Create the function with its code."""
        client = place.client("lambda")
        name = properties.get("FunctionName") or physical_name(place, limit=64)
        given = {key: properties[key] for key in ("Architectures", "PackageType", *_CONFIGURATION) if key in properties}
        arguments = fit(client, "create_function", {**given, "FunctionName": name})
        made = client.create_function(**arguments, Code=_code(properties), Tags=tags_of(place, properties))
        with undone_on_failure(lambda: client.delete_function(FunctionName=name)):
            _reserve(client, name, properties, {})
        return Applied(name, {"Arn": made["FunctionArn"]})

    def update(self, place: Place, current: Applied, properties: Properties, previous: Properties) -> Applied:
        """Change code, configuration, concurrency and tags."""
        client, name = place.client("lambda"), current.physical_id
        if changed(properties, previous, "Architectures", "Code"):
            architectures = {"Architectures": properties["Architectures"]} if "Architectures" in properties else {}
            client.update_function_code(FunctionName=name, **architectures, **_code(properties))
        changes = {key: properties.get(key, default) for key, default in _CONFIGURATION.items() if changed(properties, previous, key)}
        if changes:
            changes = {key: value for key, value in changes.items() if value is not None}
            client.update_function_configuration(**fit(client, "update_function_configuration", {**changes, "FunctionName": name}))
        _reserve(client, name, properties, previous)
        arn = current.attributes["Arn"]
        retag(
            place,
            properties,
            previous,
            add=lambda tags: client.tag_resource(Resource=arn, Tags=tags),
            remove=lambda keys: client.untag_resource(Resource=arn, TagKeys=keys),
        )
        return current

    def delete(self, place: Place, current: Applied, properties: Properties) -> None:
        """Remove the function."""
        del properties
        with absence_forgiven():
            place.client("lambda").delete_function(FunctionName=current.physical_id)


def _code(properties: Properties) -> dict[str, Any]:
    code: dict[str, Any] = dict(properties["Code"])
    if "ZipFile" not in code:
        return code
    # Source in a template becomes index.py or index.js: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html
    name = "index.py" if str(properties.get("Runtime", "")).startswith("python") else "index.js"
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr(zipfile.ZipInfo(name, date_time=_EPOCH), code["ZipFile"])
    return {**code, "ZipFile": archive.getvalue()}


def _reserve(client: Any, name: str, properties: Properties, previous: Properties) -> None:
    key = "ReservedConcurrentExecutions"
    if not changed(properties, previous, key):
        return
    if key in properties:
        client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=int(properties[key]))
    else:
        client.delete_function_concurrency(FunctionName=name)
