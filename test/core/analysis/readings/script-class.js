class A {
  x = 
}
