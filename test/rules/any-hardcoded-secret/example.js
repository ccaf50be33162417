// ruleid: ANY-HARDCODED-SECRET
const token = "ghp_abcdefghijklmnopqrstuvwxyz0123456789";
// ok: ANY-HARDCODED-SECRET
const short = "ghp_abc";
