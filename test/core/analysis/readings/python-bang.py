x = 1
!pip install y
