// ruleid: ANY-K8S-API
fetch("https://kubernetes.default.svc/api");
// ok: ANY-K8S-API
console.log("kubectl");
