package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"

	"github.com/spf13/cobra"

	"sekisho.dev/local-cluster/internal/cluster"
)

// onCluster is a command that works on the cluster that --name chooses.
type onCluster func(paths cluster.Paths, args []string) error

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "sekisho-cluster",
		Short:         "A real Kubernetes on this machine, without Docker and without a registry",
		SilenceUsage:  true,
		SilenceErrors: true,
		// Flags before the command belong to us, those after `kubectl` or `ctr` to it.
		TraverseChildren: true,
	}
	name := root.PersistentFlags().String("name", cluster.DefaultName, "the cluster")
	add := func(use, short string, args cobra.PositionalArgs, do onCluster) *cobra.Command {
		command := &cobra.Command{Use: use, Short: short, Args: args, RunE: func(_ *cobra.Command, words []string) error {
			paths, err := cluster.PathsOf(*name)
			if err != nil {
				return err
			}
			return do(paths, words)
		}}
		root.AddCommand(command)
		return command
	}

	addUp(add)
	addDown(add)
	addStatus(add)
	add("kubeconfig", "Print the path of the administrator's kubeconfig", cobra.NoArgs, printKubeconfig)
	add("logs [PART]", "Print the log of a part, or where the logs are", cobra.MaximumNArgs(1), printLogs)
	add("load-image FILE...", "Give the node images from archives", cobra.MinimumNArgs(1), loadImages)
	add("images", "List the node's images", cobra.NoArgs, listImages)
	add("stop PART", "Stop a part", cobra.ExactArgs(1), oneWord(cluster.StopPart))
	add("start PART", "Start a part and wait until it is healthy", cobra.ExactArgs(1), oneWord(cluster.StartPart))
	add("restart PART", "Stop and start a part", cobra.ExactArgs(1), oneWord(cluster.RestartPart))
	policies := add("network-policies on|off", "Enforce NetworkPolicies, or none", cobra.MatchAll(cobra.ExactArgs(1), cobra.OnlyValidArgs), oneWord(cluster.SetNetworkPolicies))
	policies.ValidArgs = []string{"on", "off"}
	passThrough(add("kubectl ...", "kubectl, as administrator of the cluster", nil, runKubectlOn))
	passThrough(add("ctr ...", "containerd's ctr, on the node", nil, runCtrOn))
	return root
}

func addUp(add func(string, string, cobra.PositionalArgs, onCluster) *cobra.Command) {
	var options cluster.Options
	up := add("up", "Start a cluster, or what has died of it, and wait until it is healthy", cobra.NoArgs, func(paths cluster.Paths, _ []string) error {
		return cluster.Up(paths, options, os.Stderr)
	})
	up.Flags().StringVar(&options.Subnet, "subnet", cluster.DefaultSubnet, "an IPv4 /16 for the node, pods and services")
	up.Flags().BoolVar(&options.ControlPlaneOnly, "control-plane-only", false, "only etcd, API server, controllers and scheduler")
	up.Flags().BoolVar(&options.NoGVisor, "no-gvisor", false, "without the runtime class gvisor")
}

func addDown(add func(string, string, cobra.PositionalArgs, onCluster) *cobra.Command) {
	var all bool
	down := add("down", "Stop a cluster and remove everything of it", cobra.NoArgs, func(paths cluster.Paths, _ []string) error {
		if !all {
			return cluster.Down(paths, os.Stderr)
		}
		var failures []error
		for _, name := range cluster.Names() {
			other, err := cluster.PathsOf(name)
			if err == nil {
				err = cluster.Down(other, os.Stderr)
			}
			failures = append(failures, err)
		}
		return errors.Join(failures...)
	})
	down.Flags().BoolVar(&all, "all", false, "every cluster of this machine")
}

func addStatus(add func(string, string, cobra.PositionalArgs, onCluster) *cobra.Command) {
	var output string
	status := add("status", "Tell how each part is; exits with 1 unless all are healthy", cobra.NoArgs, func(paths cluster.Paths, _ []string) error {
		status, err := cluster.StatusOf(paths)
		if err != nil {
			return err
		}
		if output == "json" {
			text, err := json.MarshalIndent(status, "", "  ")
			if err != nil {
				return err
			}
			fmt.Println(string(text))
		} else {
			status.Print(os.Stdout)
		}
		if !status.Healthy {
			return fmt.Errorf("cluster %s is not healthy; `sekisho-cluster up --name %s` starts what has died", paths.Name, paths.Name)
		}
		return nil
	})
	status.Flags().StringVarP(&output, "output", "o", "", "json, or nothing for a table")
}

func oneWord(do func(cluster.Paths, string) error) onCluster {
	return func(paths cluster.Paths, args []string) error { return do(paths, args[0]) }
}

func printKubeconfig(paths cluster.Paths, _ []string) error {
	if _, err := os.Stat(paths.Kubeconfig()); err != nil {
		return fmt.Errorf("there is no cluster named %q; start it with `sekisho-cluster up --name %s`", paths.Name, paths.Name)
	}
	fmt.Println(paths.Kubeconfig())
	return nil
}

func printLogs(paths cluster.Paths, args []string) error {
	if len(args) == 1 {
		file, err := cluster.LogFile(paths, args[0])
		if err != nil {
			return err
		}
		return execute([]string{"cat", file})
	}
	names, err := cluster.PartNames(paths)
	if err != nil {
		return err
	}
	for _, name := range names {
		if file, err := cluster.LogFile(paths, name); err == nil {
			fmt.Println(file)
		}
	}
	return nil
}

func loadImages(paths cluster.Paths, files []string) error {
	for _, file := range files {
		if err := cluster.LoadImage(paths, file); err != nil {
			return err
		}
	}
	return nil
}

func listImages(paths cluster.Paths, _ []string) error {
	names, err := cluster.Images(paths)
	for _, name := range names {
		fmt.Println(name)
	}
	return err
}

func runKubectlOn(paths cluster.Paths, args []string) error {
	os.Setenv("KUBECONFIG", paths.Kubeconfig())
	os.Args = append([]string{"kubectl"}, args...)
	runKubectl()
	return nil
}

func runCtrOn(paths cluster.Paths, args []string) error {
	command, err := cluster.CtrCommand(paths, args...)
	if err != nil {
		return err
	}
	return execute(command)
}

// execute becomes another program.
func execute(command []string) error {
	path, err := exec.LookPath(command[0])
	if err != nil {
		return err
	}
	return syscall.Exec(path, command, os.Environ())
}

// passThrough hands every flag on. So --name, which says for which cluster, must come before the command.
func passThrough(command *cobra.Command) {
	command.Args = cobra.ArbitraryArgs
	command.DisableFlagParsing = true
}
