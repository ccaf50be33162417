// ruleid: ANY-META-IP
fetch("http://0xa9fea9fe/latest");
// ok: ANY-META-IP
console.log("169.254.169.254");
