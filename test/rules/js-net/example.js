const net = require("net");
// ruleid: JS-NET
net.connect(80, "example.com");
// ruleid: JS-NET
fetch("https://example.com");
// ruleid: JS-NET
new WebSocket("ws://example.com");
// ok: JS-NET
console.log(new URL("https://example.com").host);
