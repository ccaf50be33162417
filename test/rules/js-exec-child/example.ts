// ruleid: JS-EXEC-CHILD
import { exec as e } from "child_process";
// ruleid: JS-EXEC-CHILD
(e as any)("id");
// ok: JS-EXEC-CHILD
const text: string = "child_process";
