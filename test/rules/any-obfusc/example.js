// ruleid: ANY-OBFUSC
const role = "user‮// admin";
// ok: ANY-OBFUSC
const family = "👨‍👩‍👧";
// ruleid: ANY-OBFUSC
let isАdmin = false;
// ok: ANY-OBFUSC
let isAdmin = true;
// ruleid: ANY-OBFUSC
class Account { #bаlance = 1; }
// ok: ANY-OBFUSC
const имя = /"/.test("аdmin"); // аdmin
// ok: ANY-OBFUSC
const Δt = `аdmin`, 名前_a = "Привет";
