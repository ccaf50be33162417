x = 1
%matplotlib inline
