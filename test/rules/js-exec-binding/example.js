// ruleid: JS-EXEC-BINDING
process.binding("spawn_sync");
// ok: JS-EXEC-BINDING
process.cwd();
