// ruleid: ANY-DECODE-EXEC
eval(atob("MSsx"));
// ok: ANY-DECODE-EXEC
console.log(atob("MSsx"));
