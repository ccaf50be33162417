// Package netpol enforces networking.k8s.io/v1 NetworkPolicies for the pods of the local cluster's one node.
//
//	pods, namespaces, policies (informers) ─┐
//	addresses (CNI plug-in → book) ─────────┴─> policy.Compile ─> ruleset.Render ─> kernel.Table, kernel.Cut
//
// It trusts that the node's CNI is ptp: then all traffic of a pod passes the forward, input or output hook.
package netpol

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	"sekisho.dev/local-cluster/netpol/kernel"
	"sekisho.dev/local-cluster/netpol/policy"
	"sekisho.dev/local-cluster/netpol/ruleset"
)

type options struct {
	kubeconfig    string
	nodeName      string
	podCIDR       string
	socket        string
	switchFile    string
	healthAddress string
}

// NewCommand is the enforcer as a command.
func NewCommand() *cobra.Command {
	var o options
	command := &cobra.Command{
		Use:           "netpol",
		Short:         "Enforce NetworkPolicies for the pods of this node",
		Args:          cobra.NoArgs,
		SilenceUsage:  true,
		SilenceErrors: false,
		RunE: func(command *cobra.Command, _ []string) error {
			ctx, stop := signal.NotifyContext(command.Context(), syscall.SIGTERM, syscall.SIGINT)
			defer stop()
			return run(ctx, o)
		},
	}
	flags := command.Flags()
	flags.StringVar(&o.kubeconfig, "kubeconfig", "", "file that says how to reach the API server")
	flags.StringVar(&o.nodeName, "node-name", "", "name of this node")
	flags.StringVar(&o.podCIDR, "pod-cidr", "", "range of the node's pod addresses; two, with a comma, for IPv4 and IPv6")
	flags.StringVar(&o.socket, "socket", "", "unix socket on which the CNI plug-in cni-netpol asks; the address book is kept beside it")
	flags.StringVar(&o.switchFile, "switch-file", "", "file that says on or off, read five times a second; off enforces nothing (without the flag: always on)")
	flags.StringVar(&o.healthAddress, "health-address", "", "host:port to serve /healthz on (without the flag: nowhere)")
	for _, name := range []string{"kubeconfig", "node-name", "pod-cidr", "socket"} {
		_ = command.MarkFlagRequired(name)
	}
	return command
}

// run listens first, so that a pod that starts early waits for its answer and does not fail.
func run(ctx context.Context, o options) error {
	e, err := assemble(ctx, o)
	if err != nil {
		return err
	}
	listener, err := listen(o.socket)
	if err != nil {
		return err
	}
	go e.serve(ctx, listener)
	if err := e.cluster.start(ctx); err != nil {
		return unlessStopped(ctx, err)
	}
	if err := e.begin(ctx, o); err != nil {
		return unlessStopped(ctx, err)
	}
	close(e.begun)
	if err := e.serveHealth(o.healthAddress); err != nil {
		return err
	}
	go watchSwitch(ctx, o.switchFile, e.on, func(on bool) { e.turn(ctx, on) })
	slog.Info("ready", "enforcing", e.on, "podCIDRs", e.podCIDRs, "socket", o.socket)
	e.loop(ctx)
	slog.Info("ends; its rules stay in the kernel")
	return nil
}

// unlessStopped: what fails because we were told to stop is no failure.
func unlessStopped(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

func assemble(ctx context.Context, o options) (*enforcer, error) {
	podCIDRs, err := parsePodCIDRs(o.podCIDR)
	if err != nil {
		return nil, err
	}
	config, err := clientcmd.BuildConfigFromFlags("", o.kubeconfig)
	if err != nil {
		return nil, fmt.Errorf("read --kubeconfig %s: %w", o.kubeconfig, err)
	}
	config.QPS, config.Burst = 200, 200 // a burst of pods must not wait for our own client
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("use --kubeconfig %s: %w", o.kubeconfig, err)
	}
	table, err := kernel.NewTable()
	if err != nil {
		return nil, err
	}
	e := &enforcer{
		podCIDRs: podCIDRs,
		table:    table,
		begun:    make(chan struct{}),
		dirty:    make(chan struct{}, 1),
	}
	e.on, err = readSwitch(o.switchFile)
	if err != nil {
		slog.Warn("the switch cannot be read", "error", err)
	}
	if err := e.closeWhereNew(ctx); err != nil {
		return nil, err
	}
	e.cluster, err = newCluster(client, e.touch)
	return e, err
}

// closeWhereNew closes all pod addresses until the cluster has been read, unless an earlier enforcer's rules stand:
// those are better, and stay until the new ones replace them.
func (e *enforcer) closeWhereNew(ctx context.Context) error {
	exists, err := e.table.Exists(ctx)
	if err != nil || exists || !e.on {
		return err
	}
	return e.table.Replace(ctx, ruleset.Render(policy.Verdicts{}, e.podCIDRs))
}

// begin makes the first full pass.
func (e *enforcer) begin(ctx context.Context, o options) error {
	book, fresh, err := openBook(o.socket + ".addresses.json")
	if err != nil {
		return err
	}
	e.book = book
	if fresh {
		if err := e.seed(o.nodeName); err != nil {
			return err
		}
	}
	return e.replace(ctx)
}

// seed fills a new book from the status of the pods that run here.
func (e *enforcer) seed(nodeName string) error {
	pods, err := e.cluster.pods.List(labels.Everything())
	if err != nil {
		return err
	}
	for _, pod := range pods {
		if runsOn(pod, nodeName) {
			if _, err := e.book.put(attachmentFromStatus(pod)); err != nil {
				return err
			}
		}
	}
	return nil
}

func runsOn(pod *corev1.Pod, nodeName string) bool {
	return pod.Spec.NodeName == nodeName && !pod.Spec.HostNetwork && !hasEnded(pod) && len(pod.Status.PodIPs) > 0
}

func parsePodCIDRs(text string) ([]netip.Prefix, error) {
	var prefixes []netip.Prefix
	for _, part := range strings.Split(text, ",") {
		prefix, err := netip.ParsePrefix(strings.TrimSpace(part))
		if err != nil {
			return nil, fmt.Errorf("--pod-cidr %q: %w; write it as 10.244.0.0/24", part, err)
		}
		prefixes = append(prefixes, prefix.Masked())
	}
	return prefixes, nil
}
