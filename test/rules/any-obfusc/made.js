var _0x3a1c = ["ZXhlY1N5bmM=", "Y2hpbGRfcHJvY2Vzcw==", "d2hvYW1p"];
(function (_0x1a2b, _0x2c3d) { while (--_0x2c3d) _0x1a2b.push(_0x1a2b.shift()); })(_0x3a1c, 3);
// ruleid: ANY-OBFUSC
var _0x9e8f = function (i) { return atob(_0x3a1c[i]); };
// ruleid: ANY-OBFUSC
var word = "\u0065\u0076\u0061\u006c\u0028\u0031\u0029\u003b";
// ok: ANY-OBFUSC
var kana = "\u3042\u3044\u3046\u3048\u304a\u304b\u304d\u304f\u3051";
