package cluster

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
)

var errNotRunning = errors.New("is not running")

const (
	healthLimit = 60 * time.Second // for one part, on a machine that is busy building
	readyLimit  = 90 * time.Second // for the node
)

// Up brings the cluster up, or back up when some of its parts have died. It returns when everything is healthy.
func Up(paths Paths, options Options, progress io.Writer) error {
	unlock, err := lock(paths)
	if err != nil {
		return err
	}
	defer unlock()
	say := func(format string, words ...any) { fmt.Fprintf(progress, "sekisho-cluster: "+format+"\n", words...) }
	began := time.Now()

	config, alive, err := standing(paths, options)
	if err != nil {
		return err
	}
	if alive {
		if self, _ := binDir(); self != config.BinDir {
			say("cluster %s runs from another build (%s); `down` and `up` change to this one", paths.Name, config.BinDir)
		}
		if len(unhealthy(paths, config)) == 0 {
			say("cluster %s is up already", paths.Name)
			return nil
		}
	}
	if !alive {
		if config, err = prepare(paths, options, say); err != nil {
			return err
		}
	}
	if err := startParts(paths, config, say); err != nil {
		return err
	}
	if err := settle(paths, &config, say); err != nil {
		return err
	}
	say("cluster %s is up after %.1f s; export KUBECONFIG=%s", paths.Name, time.Since(began).Seconds(), paths.Kubeconfig())
	return nil
}

// standing tells whether there is a cluster to repair. One without a living part is none: it is built anew.
func standing(paths Paths, options Options) (Config, bool, error) {
	config, err := readConfig(paths)
	if err != nil {
		return config, false, nil
	}
	living := false
	for _, p := range parts(config) {
		living = living || p.process(paths).alive()
	}
	if !living || (!config.ControlPlaneOnly && !nodeNamespacesExist(paths)) {
		return config, false, nil
	}
	if config.Options != options {
		return config, true, fmt.Errorf("cluster %q is up with other options (subnet %s, control plane only: %t, without gVisor: %t); stop it first with `sekisho-cluster down --name %s`",
			paths.Name, config.Subnet, config.ControlPlaneOnly, config.NoGVisor, paths.Name)
	}
	return config, true, nil
}

// unhealthy asks all parts at once, so that a cluster that is up costs `up` no time.
func unhealthy(paths Paths, config Config) []part {
	all := parts(config)
	failed := make([]bool, len(all))
	var wait sync.WaitGroup
	for i, p := range all {
		wait.Go(func() { failed[i] = p.check(paths, config) != nil })
	}
	wait.Wait()
	var found []part
	for i, p := range all {
		if failed[i] {
			found = append(found, p)
		}
	}
	return found
}

// prepare removes what a killed cluster of the same name left, and lays out a new one.
func prepare(paths Paths, options Options, say func(string, ...any)) (Config, error) {
	if os.Geteuid() != 0 {
		return Config{}, errors.New("the cluster needs root: it makes namespaces, mounts and cgroups")
	}
	if leftovers(paths) {
		say("removing what an earlier cluster %s left", paths.Name)
		if err := remove(paths); err != nil {
			return Config{}, err
		}
	}
	config, err := newConfig(paths, options)
	if err != nil {
		return config, err
	}
	if !config.ControlPlaneOnly {
		if err := refuseTakenSubnet(config); err != nil {
			return config, err
		}
	}
	if err := writeControlPlaneFiles(paths); err != nil {
		return config, err
	}
	if err := writeIdentities(paths, config); err != nil {
		return config, err
	}
	if err := makeCgroups(paths); err != nil {
		return config, err
	}
	if !config.ControlPlaneOnly {
		if err := prepareNode(paths, config); err != nil {
			return config, err
		}
	}
	return config, writeConfig(paths, config)
}

func prepareNode(paths Paths, config Config) error {
	if err := writeNodeFiles(paths, config, findAbilities()); err != nil {
		return err
	}
	if err := makeNetworkNamespace(paths, config); err != nil {
		return err
	}
	return makeMountNamespace(paths)
}

// startParts starts what is not running: first the API server and what it needs, then what needs it.
func startParts(paths Paths, config Config, say func(string, ...any)) error {
	for _, afterAPIServer := range []bool{false, true} {
		if afterAPIServer && !config.ControlPlaneOnly {
			// The enforcer may not list anything until it has been given the right to.
			if err := applyNodeObjects(paths, config); err != nil {
				return err
			}
		}
		var started []part
		for _, p := range parts(config) {
			if p.afterAPIServer != afterAPIServer {
				continue
			}
			if !p.process(paths).alive() {
				say("starting %s", p.name)
				if err := p.start(paths, config); err != nil {
					return err
				}
			}
			started = append(started, p)
		}
		for _, p := range started {
			if err := awaitHealthy(p, paths, config); err != nil {
				return err
			}
		}
	}
	return nil
}

func awaitHealthy(p part, paths Paths, config Config) error {
	var last error
	healthy := waitFor(healthLimit, func() bool {
		last = p.check(paths, config)
		return last == nil || errors.Is(last, errNotRunning)
	})
	if healthy && last == nil {
		return nil
	}
	what := fmt.Sprintf("is not healthy after %.0f s: %v", healthLimit.Seconds(), last)
	if errors.Is(last, errNotRunning) {
		what = "crashed"
	}
	return fmt.Errorf("%s %s. The end of its log (%s):\n%s", p.name, what, paths.logOf(p.name), tail(paths.logOf(p.name), 20))
}

// settle waits for what the parts do together: the controllers for any cluster; the node, its images and the proof
// that pods run for a full one.
func settle(paths Paths, config *Config, say func(string, ...any)) error {
	client, err := newClient(paths)
	if err != nil {
		return err
	}
	if err := client.awaitServiceAccount(healthLimit); err != nil {
		return fmt.Errorf("%w. The end of the log of kube-controller-manager:\n%s", err, tail(paths.logOf("kube-controller-manager"), 20))
	}
	if config.ControlPlaneOnly {
		return nil
	}
	if err := loadPause(paths, *config); err != nil {
		return err
	}
	say("waiting for the node")
	if err := client.awaitNode(paths.Name, readyLimit); err != nil {
		return fmt.Errorf("%w. The end of the log of the kubelet:\n%s", err, tail(paths.logOf("kubelet"), 20))
	}
	if config.Proven.Tried {
		return nil
	}
	say("trying a pod of each kind")
	config.Proven = client.probe(*config)
	for name, failure := range config.Proven.Failures {
		say("%s does not work here: %s", name, failure)
	}
	return writeConfig(paths, *config)
}

func tail(path string, lines int) string {
	content, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	all := strings.Split(strings.TrimRight(string(content), "\n"), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}
