"""Expands SAM templates as CloudFormation would, offline.

Reads {"templates": [{"template": …, "parameters": {…}}]} from its standard input and writes {"expanded": […],
"authorization": {…}}: the expanded templates, and of each IAM action that their roles name the types of resources that
it has, as AWS's service authorization reference tells them (cfn-lint carries a copy).
"""

import json
import sys
from pathlib import Path

import boto3
import cfnlint
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

REFERENCE = Path(cfnlint.__file__).parent / "data/AdditionalSpecs/Policies.json"


def expand(template, parameters):
    # No managed policy is known, and none is asked for: a template that names one fails.
    translator = Translator({}, Parser(), boto_session=boto3.Session(region_name="eu-central-1"))
    return translator.translate(template, parameters)


def named_actions(value):
    if isinstance(value, list):
        for entry in value:
            yield from named_actions(entry)
    elif isinstance(value, dict):
        for key, entry in value.items():
            if key == "Action":
                yield from [entry] if isinstance(entry, str) else [one for one in entry if isinstance(one, str)]
            else:
                yield from named_actions(entry)


def resource_types(reference, action):
    service, _, name = action.partition(":")
    entry = reference.get(service, {}).get("Actions", {}).get(name.lower())
    return None if entry is None else entry.get("Resources", [])


def main():
    request = json.load(sys.stdin)
    expanded = [expand(one["template"], one["parameters"]) for one in request["templates"]]
    reference = json.loads(REFERENCE.read_text())
    roles = [
        resource
        for template in expanded
        for resource in template["Resources"].values()
        if resource["Type"].startswith("AWS::IAM::")
    ]
    actions = sorted(set(named_actions([role.get("Properties", {}).get("Policies", []) for role in roles])))
    json.dump(
        {"expanded": expanded, "authorization": {one: resource_types(reference, one) for one in actions}}, sys.stdout
    )


main()
