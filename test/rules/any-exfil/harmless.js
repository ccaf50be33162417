// ok: ANY-EXFIL
fetch("https://example.com");
