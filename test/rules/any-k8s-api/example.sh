# ruleid: ANY-K8S-API
kubectl get secrets
# ok: ANY-K8S-API
echo kubectl
