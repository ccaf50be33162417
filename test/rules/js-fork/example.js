const { Worker } = require("worker_threads");
// ok: JS-FORK
new Worker("./task.js");
for (;;) {
  // ruleid: JS-FORK
  new Worker("./task.js");
}
