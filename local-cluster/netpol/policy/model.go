// Package policy says what networking.k8s.io/v1 NetworkPolicies mean for each pod address. It is pure: objects in, verdicts out.
package policy

import (
	"net/netip"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// Pod is what the rules need to know of a pod. Its addresses come from the CNI, because status.podIPs is written
// only after the pod's first process may have run.
type Pod struct {
	Namespace string
	Name      string
	Labels    labels.Set
	Addrs     []netip.Addr
	Ports     []NamedPort
	// HostNetwork pods have the node's addresses; policies neither select them nor name them as peers.
	HostNetwork bool
}

// NamedPort is a container port that a policy can refer to by name.
type NamedPort struct {
	Name     string
	Protocol corev1.Protocol
	Number   uint16
}

// Namespace is what the rules need to know of a namespace.
type Namespace struct {
	Name   string
	Labels labels.Set
}

// Verdicts holds one verdict for each known pod address. An address that is not in it is closed.
type Verdicts map[netip.Addr]Verdict

// Verdict is what one pod may receive and send.
type Verdict struct {
	Pod     string
	Ingress Side
	Egress  Side
}

// Side is one direction: open unless some policy isolates it, and then only what Allow lists.
type Side struct {
	Isolated bool
	Allow    []Rule
}

// Rule allows traffic with any of the peers on any of the ports.
type Rule struct {
	AnyPeer bool
	Peers   []netip.Prefix
	AnyPort bool
	Ports   []PortRange
}

// PortRange is inclusive at both ends.
type PortRange struct {
	Protocol corev1.Protocol
	First    uint16
	Last     uint16
}
