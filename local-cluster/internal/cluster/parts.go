package cluster

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"
)

const (
	apiServerPort         = 6443
	etcdPort              = 2379
	etcdPeerPort          = 2380
	controllerManagerPort = 10257
	schedulerPort         = 10259
	kubeletPort           = 10250
	kubeletHealthPort     = 10248
	kubeProxyHealthPort   = 10256
	kubeProxyMetricsPort  = 10249
	dnsPort               = 53
)

// stopGrace is short: the API server would wait for every watch to end, and nobody is served by that here.
const stopGrace = 3 * time.Second

// part is one process of the cluster.
type part struct {
	name string
	// onNode parts exist only where there is a node. Where there is one, all parts run in its namespaces.
	onNode bool
	// afterAPIServer parts would only fail and retry before the API server answers.
	afterAPIServer bool
	command        func(Paths, Config) []string
	healthy        func(context.Context, Paths, Config) error
}

// parts are in the order in which they start; they stop in the reverse order.
func parts(config Config) []part {
	all := []part{
		{name: "etcd", command: etcdCommand, healthy: httpsHealth(etcdPort, "/health")},
		{name: "kube-apiserver", command: apiServerCommand, healthy: httpsHealth(apiServerPort, "/readyz")},
		{name: "containerd", onNode: true, command: containerdCommand, healthy: socketHealth(Paths.containerdSocket)},
		{name: "kube-controller-manager", afterAPIServer: true, command: controllerManagerCommand, healthy: httpsHealth(controllerManagerPort, "/healthz")},
		{name: "kube-scheduler", afterAPIServer: true, command: schedulerCommand, healthy: httpsHealth(schedulerPort, "/healthz")},
		{name: "netpol", onNode: true, afterAPIServer: true, command: netpolCommand, healthy: socketHealth(Paths.netpolSocket)},
		{name: "kube-proxy", onNode: true, afterAPIServer: true, command: kubeProxyCommand, healthy: httpHealth(kubeProxyHealthPort, "/healthz")},
		{name: "dns", onNode: true, afterAPIServer: true, command: dnsCommand, healthy: dnsHealth},
		{name: "kubelet", onNode: true, afterAPIServer: true, command: kubeletCommand, healthy: httpHealth(kubeletHealthPort, "/healthz")},
	}
	return slices.DeleteFunc(all, func(p part) bool {
		return p.onNode && config.ControlPlaneOnly || p.name == "dns" && !config.WithDNS
	})
}

func findPart(config Config, name string) (part, error) {
	var names []string
	for _, p := range parts(config) {
		if p.name == name {
			return p, nil
		}
		names = append(names, p.name)
	}
	return part{}, fmt.Errorf("there is no part %q; the parts are %v", name, names)
}

func (p part) process(paths Paths) process {
	running, _ := readPidFile(paths.pidFile(p.name))
	return running
}

// check answers nil when the part runs and is healthy.
func (p part) check(paths Paths, config Config) error {
	if !p.process(paths).alive() {
		return errNotRunning
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	return p.healthy(ctx, paths, config)
}

func (p part) start(paths Paths, config Config) error {
	if p.process(paths).alive() {
		return nil
	}
	command := p.command(paths, config)
	if !config.ControlPlaneOnly {
		command = append(intoNode(paths), command...)
	}
	started, err := spawn(command, partEnvironment(paths, config), paths.logOf(p.name), paths.State)
	if err != nil {
		return fmt.Errorf("%s does not start: %w", p.name, err)
	}
	if err := joinCgroup(paths, started.pid); err != nil {
		started.end(0)
		return err
	}
	return replaceFile(paths.pidFile(p.name), []byte(started.String()), 0o644)
}

func (p part) stop(paths Paths) error {
	if err := p.process(paths).end(stopGrace); err != nil {
		return fmt.Errorf("%s: %w", p.name, err)
	}
	return ignoreMissing(os.Remove(paths.pidFile(p.name)))
}

// partEnvironment is the same for every part whoever starts it: no proxy, no KUBECONFIG of the user.
func partEnvironment(paths Paths, config Config) []string {
	return []string{
		"PATH=" + config.BinDir + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		"HOME=" + paths.State,
		// Each cluster has its own lock on iptables, for each has its own tables.
		"XTABLES_LOCKFILE=" + filepath.Join(paths.Run, "xtables.lock"),
	}
}

func httpsHealth(port uint16, path string) func(context.Context, Paths, Config) error {
	return func(ctx context.Context, paths Paths, config Config) error {
		settings, err := clientTLS(paths)
		if err != nil {
			return err
		}
		return ask(ctx, "https://"+config.at(port)+path, settings)
	}
}

func httpHealth(port uint16, path string) func(context.Context, Paths, Config) error {
	return func(ctx context.Context, _ Paths, config Config) error {
		return ask(ctx, "http://"+config.at(port)+path, nil)
	}
}

func socketHealth(socket func(Paths) string) func(context.Context, Paths, Config) error {
	return func(ctx context.Context, paths Paths, _ Config) error {
		connection, err := (&net.Dialer{}).DialContext(ctx, "unix", socket(paths))
		if err != nil {
			return err
		}
		return connection.Close()
	}
}

func clientTLS(paths Paths) (*tls.Config, error) {
	pair, err := tls.LoadX509KeyPair(filepath.Join(paths.pkiDir(), "admin.crt"), filepath.Join(paths.pkiDir(), "admin.key"))
	if err != nil {
		return nil, err
	}
	ca, err := os.ReadFile(filepath.Join(paths.pkiDir(), "ca.crt"))
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	return &tls.Config{Certificates: []tls.Certificate{pair}, RootCAs: roots}, nil
}

func ask(ctx context.Context, url string, settings *tls.Config) error {
	transport := &http.Transport{TLSClientConfig: settings, DisableKeepAlives: true} // no Proxy: the answer is on this machine
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	response, err := transport.RoundTrip(request)
	if err != nil {
		return err
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", url, response.Status)
	}
	return nil
}
