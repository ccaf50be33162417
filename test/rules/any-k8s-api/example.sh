# ruleid: ANY-K8S-API
kubectl get secrets
# ok: ANY-K8S-API
echo kubectl
# ruleid: ANY-K8S-API
curl -k "https://$KUBERNETES_SERVICE_HOST/api"
