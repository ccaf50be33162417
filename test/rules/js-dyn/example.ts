const f = <any>Function;
// ruleid: JS-DYN
new f("return 1")();
class Function2 {}
// ok: JS-DYN
new Function2();
