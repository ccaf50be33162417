// Package dns is the name server of the local cluster: it answers for Services, and asks the machine's resolvers about
// the world outside where those can be reached.
//
//	Services, EndpointSlices (informers) ─> catalogue ─> zone ─┐
//	resolv.conf ─> forwarder ──────────────────────────────────┴─> server (UDP and TCP)
package dns

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

type options struct {
	kubeconfig string
	listen     string
	subnet     string
	resolvConf string
}

// NewCommand is the name server as a command.
func NewCommand() *cobra.Command {
	var o options
	command := &cobra.Command{
		Use:          "dns",
		Short:        "Answer for the names of Services",
		Args:         cobra.NoArgs,
		SilenceUsage: true,
		RunE: func(command *cobra.Command, _ []string) error {
			ctx, stop := signal.NotifyContext(command.Context(), syscall.SIGTERM, syscall.SIGINT)
			defer stop()
			return run(ctx, o)
		},
	}
	flags := command.Flags()
	flags.StringVar(&o.kubeconfig, "kubeconfig", "", "file that says how to reach the API server")
	flags.StringVar(&o.listen, "listen", "", "address:port to answer on, by UDP and TCP")
	flags.StringVar(&o.subnet, "subnet", "", "the cluster's IPv4 /16: its addresses have names here or none, and no resolver is looked for there")
	flags.StringVar(&o.resolvConf, "resolv-conf", "", "file that names the resolvers for all other names; read again and again (without the flag: none)")
	for _, name := range []string{"kubeconfig", "listen", "subnet"} {
		_ = command.MarkFlagRequired(name)
	}
	return command
}

// run listens only when it knows the cluster: a name that is there must never be denied.
func run(ctx context.Context, o options) error {
	subnet, err := netip.ParsePrefix(o.subnet)
	if err != nil || !subnet.Addr().Is4() || subnet.Bits() != 16 {
		return fmt.Errorf("--subnet %q is not an IPv4 /16; write it as 10.201.0.0/16", o.subnet)
	}
	config, err := clientcmd.BuildConfigFromFlags("", o.kubeconfig)
	if err != nil {
		return fmt.Errorf("read --kubeconfig %s: %w", o.kubeconfig, err)
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return fmt.Errorf("use --kubeconfig %s: %w", o.kubeconfig, err)
	}
	known, err := watchCluster(ctx, client)
	if err != nil {
		if ctx.Err() != nil {
			return nil // told to stop, which is no failure
		}
		return err
	}
	outside := newForwarder(func() ([]string, error) { return resolversIn(o.resolvConf, subnet) })
	s, err := listen(o.listen, newServer(newZone(known, subnet), outside))
	if err != nil {
		return err
	}
	go outside.watch(ctx)
	slog.Info("ready", "listen", o.listen, "zone", clusterDomain)
	return s.serve(ctx)
}
