const net = require("net");
for (let port = 1; port < 1024; port++) {
  // ruleid: ANY-LONG-FLOOD
  net.connect(port, "10.0.0.1");
}
// ok: ANY-LONG-FLOOD
net.connect(80, "x.example");
