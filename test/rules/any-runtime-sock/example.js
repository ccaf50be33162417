const http = require("http");
// ruleid: ANY-RUNTIME-SOCK
http.get({ socketPath: "/run/containerd/containerd.sock" });
// ok: ANY-RUNTIME-SOCK
console.log("docker.sock");
