const { readFile: r } = require("fs/promises");
// ruleid: ANY-K8S-TOKEN
r("/var/run/secrets/kubernetes.io/serviceaccount/token");
// ok: ANY-K8S-TOKEN
console.log("/var/run/secrets");
