package policy

import (
	"net/netip"
	"slices"

	corev1 "k8s.io/api/core/v1"
)

// Flow is one connection: who opened it, to whom in the end (after Service translation), on which port.
type Flow struct {
	Protocol corev1.Protocol // empty: neither TCP, UDP nor SCTP
	From     netip.Addr
	To       netip.Addr
	Port     uint16
}

// Node is what the rules must know of the node.
type Node struct {
	PodCIDRs []netip.Prefix
	Addrs    []netip.Addr
}

func (n Node) isPod(addr netip.Addr) bool {
	return !n.isSelf(addr) && slices.ContainsFunc(n.PodCIDRs, func(prefix netip.Prefix) bool { return prefix.Contains(addr) })
}

func (n Node) isSelf(addr netip.Addr) bool { return slices.Contains(n.Addrs, addr) }

// Allow judges a flow as the kernel's rules do. It finds the established connections that a change has made forbidden.
func (v Verdicts) Allow(flow Flow, node Node) bool {
	if node.isSelf(flow.From) || flow.From == flow.To {
		return true
	}
	if node.isPod(flow.From) && !v.allowSide(flow.From, flow.To, flow, egressOf) {
		return false
	}
	return !node.isPod(flow.To) || v.allowSide(flow.To, flow.From, flow, ingressOf)
}

func egressOf(verdict Verdict) Side  { return verdict.Egress }
func ingressOf(verdict Verdict) Side { return verdict.Ingress }

func (v Verdicts) allowSide(pod, peer netip.Addr, flow Flow, sideOf func(Verdict) Side) bool {
	verdict, known := v[pod]
	if !known {
		return false
	}
	side := sideOf(verdict)
	return !side.Isolated || slices.ContainsFunc(side.Allow, func(rule Rule) bool { return rule.allows(peer, flow) })
}

func (r Rule) allows(peer netip.Addr, flow Flow) bool {
	from := peers{any: r.AnyPeer, prefixes: r.Peers}
	if !from.contain(peer) {
		return false
	}
	return r.AnyPort || slices.ContainsFunc(r.Ports, func(ports PortRange) bool {
		return ports.Protocol == flow.Protocol && ports.First <= flow.Port && flow.Port <= ports.Last
	})
}
