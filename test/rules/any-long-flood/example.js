const net = require("net");
for (const port of ports) {
  // ruleid: ANY-LONG-FLOOD
  net.connect(port, "10.0.0.1");
}
// ok: ANY-LONG-FLOOD
net.connect(80, "x.example");
