"""Holds the manifests of examples/deploy against the schemas of those who read them.

deploy.py FOLDER

The cluster's are those of Kubernetes, strict: a field that it does not know is a mistake. Prints the
mistakes; exit code 1 when there are any.
"""

from __future__ import annotations

import subprocess
import sys

import kubernetes_validate
import yaml

CLUSTER_VERSION = "1.33"


def main() -> int:
    folder = sys.argv[1]
    failed = False
    with open(f"{folder}/cronjob.yaml", encoding="utf-8") as file:
        for document in yaml.safe_load_all(file):
            try:
                kubernetes_validate.validate(document, CLUSTER_VERSION, strict=True)
            except kubernetes_validate.ValidationError as mistake:
                print(f"cronjob.yaml: {mistake}")
                failed = True
    workflow = subprocess.run(
        [
            sys.executable, "-m", "check_jsonschema", "--builtin-schema",
            "vendor.github-workflows", f"{folder}/github-actions.yaml",
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    if workflow.returncode != 0:
        print(workflow.stdout, workflow.stderr)
        failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
