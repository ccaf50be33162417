package cluster

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"regexp"
)

// The state lives at a fixed place outside the checkout, so that any checkout finds and can stop a cluster.
const (
	stateRoot = "/var/lib/sekisho-cluster"
	runRoot   = "/run/sekisho-cluster"
	netnsRoot = "/run/netns"

	// DefaultName is the cluster that commands mean when none is named.
	DefaultName = "sekisho"
	// DefaultSubnet is carved into node, service and pod addresses (see Addresses).
	DefaultSubnet = "10.201.0.0/16"
)

// Paths says where everything of one cluster is kept.
type Paths struct {
	Name  string
	State string // what a restart of a part needs: certificates, etcd, images, logs
	Run   string // what dies with the cluster: sockets, pid files, pinned namespaces
}

var validName = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?$`)

// PathsOf returns the paths of the cluster with this name, which must be a DNS label of at most 32 characters.
func PathsOf(name string) (Paths, error) {
	if !validName.MatchString(name) {
		return Paths{}, errors.New("the name " + name + " is not valid: use lower-case letters, digits and '-', at most 32 characters")
	}
	return Paths{Name: name, State: filepath.Join(stateRoot, name), Run: filepath.Join(runRoot, name)}, nil
}

func (p Paths) configFile() string { return filepath.Join(p.State, "cluster.json") }
func (p Paths) pkiDir() string     { return filepath.Join(p.State, "pki") }
func (p Paths) logDir() string     { return filepath.Join(p.State, "logs") }
func (p Paths) pidDir() string     { return filepath.Join(p.Run, "pids") }
func (p Paths) lockFile() string   { return p.Run + ".lock" }

// Kubeconfig is the administrator's, usable from the host.
func (p Paths) Kubeconfig() string { return p.kubeconfigOf("admin") }

func (p Paths) kubeconfigOf(user string) string { return filepath.Join(p.State, user+".kubeconfig") }

// AuditLog is where the API server writes one JSON line for each request.
func (p Paths) AuditLog() string { return filepath.Join(p.logDir(), "audit.log") }

func (p Paths) logOf(part string) string { return filepath.Join(p.logDir(), part+".log") }
func (p Paths) pidFile(part string) string {
	return filepath.Join(p.pidDir(), part)
}

func (p Paths) netns() string            { return filepath.Join(netnsRoot, p.netnsName()) }
func (p Paths) netnsName() string        { return "sekisho-cluster-" + p.Name }
func (p Paths) mountNamespace() string   { return filepath.Join(p.Run, "namespaces", "mnt") }
func (p Paths) containerdSocket() string { return filepath.Join(p.Run, "containerd.sock") }
func (p Paths) netpolSocket() string     { return filepath.Join(p.Run, "netpol.sock") }

// SwitchFile holds `on` or `off`: whether the enforcer of NetworkPolicies enforces anything.
func (p Paths) SwitchFile() string { return filepath.Join(p.State, "network-policies") }

// cgroup is the path below every hierarchy that all processes of the cluster and its pods live in.
func (p Paths) cgroup() string { return "sekisho-cluster-" + p.Name }

// hostLink is the host's end of the veth pair; the kernel allows 15 characters, so the name is hashed.
func (p Paths) hostLink() string {
	sum := sha256.Sum256([]byte(p.Name))
	return "sekisho" + hex.EncodeToString(sum[:3])
}

// Names lists every cluster that left state on this machine.
func Names() []string {
	seen := map[string]bool{}
	var names []string
	for _, root := range []string{stateRoot, runRoot} {
		entries, _ := os.ReadDir(root)
		for _, entry := range entries {
			if entry.IsDir() && validName.MatchString(entry.Name()) && !seen[entry.Name()] {
				seen[entry.Name()] = true
				names = append(names, entry.Name())
			}
		}
	}
	return names
}
