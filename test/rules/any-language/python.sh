# ruleid: ANY-LANGUAGE
import os
def main():
    print(os.getcwd())

main()
