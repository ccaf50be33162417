// cni-netpol is the last plug-in of the node's CNI chain. It holds a pod back until the NetworkPolicy enforcer has put
// the pod's rules into the kernel, so that they are there before the pod's first process runs. In the .conflist:
//
//	{ "type": "cni-netpol", "socket": "/run/…/netpol.sock" }
//
// When the enforcer cannot be asked, ADD fails and the kubelet tries again: a pod without rules never starts.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"time"

	"github.com/containernetworking/cni/pkg/skel"
	"github.com/containernetworking/cni/pkg/types"
	current "github.com/containernetworking/cni/pkg/types/100"
	"github.com/containernetworking/cni/pkg/version"

	"sekisho.dev/local-cluster/netpol/wire"
)

const (
	addPatience = 10 * time.Second
	delPatience = 2 * time.Second
)

type config struct {
	types.NetConf
	Socket string `json:"socket"`
}

// podArgs are the CNI_ARGS that container runtimes set for Kubernetes.
type podArgs struct {
	types.CommonArgs
	K8S_POD_NAMESPACE types.UnmarshallableString
	K8S_POD_NAME      types.UnmarshallableString
	K8S_POD_UID       types.UnmarshallableString
}

func main() {
	funcs := skel.CNIFuncs{Add: add, Del: del, Check: check, GC: nothing, Status: nothing}
	skel.PluginMainFuncs(funcs, version.PluginSupports("1.0.0", "1.1.0"), "cni-netpol: holds a pod back until its NetworkPolicy rules are in the kernel")
}

func nothing(*skel.CmdArgs) error { return nil }

func add(args *skel.CmdArgs) error {
	conf, err := parse(args.StdinData)
	if err != nil {
		return err
	}
	if err := ask(wire.Attach, conf, args); err != nil {
		return err
	}
	return types.PrintResult(conf.PrevResult, conf.CNIVersion)
}

func check(args *skel.CmdArgs) error {
	conf, err := parse(args.StdinData)
	if err != nil {
		return err
	}
	return ask(wire.Check, conf, args)
}

// del never fails for want of the enforcer: else a pod could not be removed while it is away. What it misses is made
// good when the address is given to the next pod, and when the pod object goes.
func del(args *skel.CmdArgs) error {
	var conf config
	if err := json.Unmarshal(args.StdinData, &conf); err != nil {
		return fmt.Errorf("read the network configuration: %w; correct the .conflist", err)
	}
	request := wire.Request{Verb: wire.Detach, Attachment: wire.Attachment{ContainerID: args.ContainerID}}
	if err := wire.Call(conf.Socket, request, delPatience); err != nil {
		fmt.Fprintln(os.Stderr, "cni-netpol: goes on without:", err)
	}
	return nil
}

func parse(stdin []byte) (*config, error) {
	conf := &config{}
	if err := json.Unmarshal(stdin, conf); err != nil {
		return nil, fmt.Errorf("read the network configuration: %w; correct the .conflist", err)
	}
	if conf.Socket == "" {
		return nil, errors.New(`the network configuration has no "socket"; give the path that the enforcer got as --socket`)
	}
	if err := version.ParsePrevResult(&conf.NetConf); err != nil {
		return nil, fmt.Errorf("read prevResult: %w; put cni-netpol last in the plug-in list", err)
	}
	if conf.PrevResult == nil {
		return nil, errors.New("there is no prevResult; put cni-netpol last in the plug-in list, after the one that gives addresses")
	}
	return conf, nil
}

func ask(verb string, conf *config, args *skel.CmdArgs) error {
	var pod podArgs
	pod.IgnoreUnknown = true
	if err := types.LoadArgs(args.Args, &pod); err != nil {
		return fmt.Errorf("read CNI_ARGS: %w; the container runtime must set K8S_POD_NAMESPACE, K8S_POD_NAME and K8S_POD_UID", err)
	}
	ips, err := addresses(conf.PrevResult)
	if err != nil {
		return err
	}
	return wire.Call(conf.Socket, wire.Request{Verb: verb, Attachment: wire.Attachment{
		Namespace:   string(pod.K8S_POD_NAMESPACE),
		Name:        string(pod.K8S_POD_NAME),
		UID:         string(pod.K8S_POD_UID),
		ContainerID: args.ContainerID,
		IPs:         ips,
	}}, addPatience)
}

func addresses(previous types.Result) ([]netip.Addr, error) {
	result, err := current.NewResultFromResult(previous)
	if err != nil {
		return nil, fmt.Errorf("read prevResult: %w; the plug-ins before must speak CNI 1.0.0 or 1.1.0", err)
	}
	var addrs []netip.Addr
	for _, ip := range result.IPs {
		addr, _ := netip.AddrFromSlice(ip.Address.IP)
		addrs = append(addrs, addr.Unmap())
	}
	if len(addrs) == 0 {
		return nil, errors.New("prevResult holds no address; put cni-netpol after the plug-in that gives addresses")
	}
	return addrs, nil
}
