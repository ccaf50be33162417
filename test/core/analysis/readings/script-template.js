let x = `abc
