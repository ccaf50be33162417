// ruleid: ANY-OBFUSC
const role = "user‮// admin";
// ok: ANY-OBFUSC
const family = "👨‍👩‍👧";
