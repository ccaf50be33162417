// sekisho-cluster is a Kubernetes cluster in one program: it starts, watches over and removes clusters on this
// machine, and it is each of their parts. Which one it is, is said by its own name or by the first argument.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	name := filepath.Base(os.Args[0])
	if run := linked[name]; run != nil {
		run()
		return
	}
	if run := components[name]; run != nil {
		run()
		return
	}
	if len(os.Args) > 1 && components[os.Args[1]] != nil {
		os.Args = os.Args[1:]
		components[os.Args[0]]()
		return
	}
	if err := rootCommand().Execute(); err != nil {
		fmt.Fprintln(os.Stderr, "sekisho-cluster:", err)
		os.Exit(1)
	}
}
