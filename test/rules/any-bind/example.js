const http = require("http");
const net = require("net");
// ruleid: ANY-BIND
http.createServer((q, r) => r.end("x")).listen(8000);
// ruleid: ANY-BIND
net.createServer((socket) => socket.end()).listen(4444);
// ok: ANY-BIND
window.addEventListener("listen", () => {});
