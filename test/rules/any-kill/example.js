// ruleid: ANY-KILL
process.kill(1, "SIGKILL");
// ok: ANY-KILL
process.exit(0);
