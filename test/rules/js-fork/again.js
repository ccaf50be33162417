import { Worker } from "node:worker_threads";
import { fork } from "node:child_process";

// ruleid: JS-FORK
for (let i = 0; i < 4; i++) new Worker(new URL(import.meta.url));
// ruleid: JS-FORK
fork(import.meta.filename);
// ok: JS-FORK
new Worker(new URL("./worker.js", import.meta.url));
