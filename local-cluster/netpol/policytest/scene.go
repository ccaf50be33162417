// Package policytest holds one table of cases for what NetworkPolicies mean. It is judged twice: by the pure core, and
// by the kernel with real packets between network namespaces.
package policytest

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/labels"
	"sigs.k8s.io/yaml"

	"sekisho.dev/local-cluster/netpol/policy"
)

// PodCIDR and the addresses of everyone who takes part.
var (
	PodCIDR = netip.MustParsePrefix("10.244.0.0/24")
	Gateway = netip.MustParseAddr("10.244.0.1") // the node, seen from its pods

	Addrs = map[string]netip.Addr{
		"web":   netip.MustParseAddr("10.244.0.2"), // shop
		"db":    netip.MustParseAddr("10.244.0.3"), // shop
		"bweb":  netip.MustParseAddr("10.244.0.4"), // bank
		"audit": netip.MustParseAddr("10.244.0.5"), // bank
		"ghost": netip.MustParseAddr("10.244.0.9"), // a pod that the enforcer does not know
		"node":  netip.MustParseAddr("10.201.0.2"),
		"out":   netip.MustParseAddr("10.201.0.1"), // outside the cluster
		"far":   netip.MustParseAddr("203.0.113.9"),
	}
)

// TCPPorts and UDPPorts are where everyone listens.
var (
	TCPPorts = []int{80, 8080, 9090}
	UDPPorts = []int{53, 8080}
)

func Pods() []policy.Pod {
	return []policy.Pod{
		{Namespace: "shop", Name: "web", Labels: labels.Set{"app": "web", "tier": "front"}, Addrs: addrs("web"),
			Ports: []policy.NamedPort{{Name: "http", Protocol: corev1.ProtocolTCP, Number: 8080}, {Name: "dns", Protocol: corev1.ProtocolUDP, Number: 53}}},
		{Namespace: "shop", Name: "db", Labels: labels.Set{"app": "db"}, Addrs: addrs("db"),
			Ports: []policy.NamedPort{{Name: "http", Protocol: corev1.ProtocolTCP, Number: 9090}}},
		{Namespace: "bank", Name: "web", Labels: labels.Set{"app": "web"}, Addrs: addrs("bweb")},
		{Namespace: "bank", Name: "audit", Labels: labels.Set{"app": "audit"}, Addrs: addrs("audit"),
			Ports: []policy.NamedPort{{Name: "http", Protocol: corev1.ProtocolTCP, Number: 80}}},
		// It has the labels of web, but the node's address: no policy selects it or means it as a peer.
		{Namespace: "shop", Name: "agent", Labels: labels.Set{"app": "web"}, Addrs: addrs("node"), HostNetwork: true},
	}
}

func addrs(name string) []netip.Addr { return []netip.Addr{Addrs[name]} }

func Namespaces() []policy.Namespace {
	return []policy.Namespace{
		{Name: "shop", Labels: labels.Set{"kubernetes.io/metadata.name": "shop", "team": "red"}},
		{Name: "bank", Labels: labels.Set{"kubernetes.io/metadata.name": "bank", "team": "blue"}},
	}
}

func Node() policy.Node {
	return policy.Node{PodCIDRs: []netip.Prefix{PodCIDR}, Addrs: []netip.Addr{Gateway, Addrs["node"]}}
}

// Case is a set of policies and what they do. Flows are written "web>db tcp/80".
type Case struct {
	Name     string
	Policies string // "namespace/name: spec" in YAML, see Parse
	Allow    []string
	Deny     []string
}

// Parse reads the case's policies: a map from namespace/name to spec.
func (c Case) Parse() ([]*networkingv1.NetworkPolicy, error) {
	specs := map[string]networkingv1.NetworkPolicySpec{}
	if err := yaml.UnmarshalStrict([]byte(c.Policies), &specs); err != nil {
		return nil, fmt.Errorf("case %q: %w", c.Name, err)
	}
	var policies []*networkingv1.NetworkPolicy
	for key, spec := range specs {
		object := &networkingv1.NetworkPolicy{Spec: spec}
		object.Namespace, object.Name, _ = strings.Cut(key, "/")
		policies = append(policies, object)
	}
	return policies, nil
}

// Verdicts compiles the case.
func (c Case) Verdicts() (policy.Verdicts, []error) {
	policies, err := c.Parse()
	if err != nil {
		return nil, []error{err}
	}
	return policy.Compile(Pods(), Namespaces(), policies)
}

// Flow is one line of Allow or Deny.
type Flow struct {
	From, To string
	Protocol string // tcp, udp, sctp or icmp
	Port     int
}

func ParseFlow(text string) Flow {
	ends, port, _ := strings.Cut(text, " ")
	from, to, ok := strings.Cut(ends, ">")
	protocol, number, _ := strings.Cut(port, "/")
	parsed, err := strconv.Atoi(number)
	if !ok || err != nil || !Addrs[from].IsValid() || !Addrs[to].IsValid() {
		panic("write a flow as web>db tcp/80, not " + text)
	}
	return Flow{from, to, protocol, parsed}
}

// Judged is the flow as the pure core takes it.
func (f Flow) Judged() policy.Flow {
	protocol := corev1.Protocol(strings.ToUpper(f.Protocol))
	if f.Protocol == "icmp" {
		protocol = ""
	}
	return policy.Flow{Protocol: protocol, From: Addrs[f.From], To: Addrs[f.To], Port: uint16(f.Port)}
}
