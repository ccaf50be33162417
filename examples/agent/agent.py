"""An agent that lets Sekisho judge and run the code its model writes.

It creates a CodeExecutionRequest, reads the verdict, and when the code is denied gives the findings back to the model, which
tries again. KUBECONFIG says where and as whom.

    pip install -r examples/agent/requirements.txt
    python3 examples/agent/agent.py
"""

import os
import sys

from kubernetes import client, config, watch

GROUP, VERSION, PLURAL = "sekisho.dev", "v1alpha1", "codeexecutionrequests"
NAMESPACE = os.environ.get("NAMESPACE", "demo")
FINAL = {"Succeeded", "Failed", "Denied", "AwaitingApproval", "Cancelled"}

CARELESS = """\
import os
os.system("sort -n numbers.txt | tail -n 1")
"""
MENDED = """\
with open("numbers.txt", encoding="utf-8") as file:
    print(max(int(line) for line in file))
"""


def ask_model(task: str, complaint: str) -> str:
    """Where a language model is asked. This one writes shell calls until somebody complains."""
    return MENDED if complaint else CARELESS


def create(api: client.CustomObjectsApi, code: str) -> str:
    body = {
        "apiVersion": f"{GROUP}/{VERSION}",
        "kind": "CodeExecutionRequest",
        "metadata": {"generateName": "agent-python-"},
        "spec": {
            "language": "Python",
            "role": "user",
            "code": code,
            "files": [{"path": "numbers.txt", "content": "17\n4\n42\n23\n"}],
        },
    }
    made = api.create_namespaced_custom_object(GROUP, VERSION, NAMESPACE, PLURAL, body)
    return made["metadata"]["name"]


def wait_for_end(api: client.CustomObjectsApi, name: str) -> dict:
    events = watch.Watch().stream(
        api.list_namespaced_custom_object,
        GROUP,
        VERSION,
        NAMESPACE,
        PLURAL,
        field_selector=f"metadata.name={name}",
        timeout_seconds=120,
    )
    for event in events:
        status = event["object"].get("status", {})
        if status.get("state") in FINAL:
            return status
    raise TimeoutError(f"{name} has not ended after two minutes")


def complaint_about(status: dict) -> str:
    verdict = status.get("verdict", {})
    lines = [f"{f['rule']} in line {f['line']}: {f['message']}" for f in verdict.get("findings", [])]
    return "\n".join(lines or [r["message"] for r in verdict.get("reasons", [])])


def main() -> int:
    config.load_kube_config()
    api = client.CustomObjectsApi()
    task, complaint = "Print the largest of the numbers in numbers.txt.", ""
    for attempt in range(1, 4):
        name = create(api, ask_model(task, complaint))
        status = wait_for_end(api, name)
        verdict = status.get("verdict", {})
        print(f"attempt {attempt}: {name}: {verdict.get('decision')}, risk {verdict.get('riskScore')}, {status['state']}")
        if status["state"] == "Succeeded":
            print(f"result: {status['result']['stdout'].strip()}")
            return 0
        complaint = complaint_about(status)
        print("\n".join(f"  {line}" for line in complaint.splitlines()))
    return 1


if __name__ == "__main__":
    sys.exit(main())
