# ruleid: ANY-K8S-TOKEN
open("/var/run/secrets/kubernetes.io/serviceaccount/token").read()
# ok: ANY-K8S-TOKEN
open("secrets.txt")
