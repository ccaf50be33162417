# ruleid: ANY-K8S-TOKEN
cat /run/secrets/kubernetes.io/serviceaccount/token
# ok: ANY-K8S-TOKEN
echo /run/secrets
