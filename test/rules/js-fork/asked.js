const { Worker, isMainThread, parentPort } = require("worker_threads");

if (isMainThread) {
  // ok: JS-FORK
  new Worker(__filename).on("message", console.log);
} else {
  parentPort.postMessage(1);
}
