import requests
# ruleid: ANY-K8S-API
requests.get("https://kubernetes.default.svc/api/v1/secrets")
# ok: ANY-K8S-API
print("kubernetes.default.svc")
