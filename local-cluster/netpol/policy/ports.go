package policy

import (
	"cmp"
	"net/netip"
	"slices"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

const lastPort = 65535

// ingressRules resolves named ports on the selected pod itself. A clause whose ports resolve to none allows nothing.
func ingressRules(pod Pod, clauses []clause) []Rule {
	var rules []Rule
	for _, clause := range clauses {
		rule := Rule{AnyPeer: clause.peers.any, Peers: clause.peers.prefixes, AnyPort: len(clause.ports) == 0}
		for _, port := range clause.ports {
			rule.Ports = append(rule.Ports, resolvePort(port, pod.Ports)...)
		}
		rules = appendUseful(rules, rule)
	}
	return rules
}

// egressRules resolves named ports on each destination pod, so that one name may mean different numbers.
func (s *scene) egressRules(to peers, ports []networkingv1.NetworkPolicyPort) []Rule {
	rule := Rule{AnyPeer: to.any, Peers: to.prefixes, AnyPort: len(ports) == 0}
	var rules []Rule
	for _, port := range ports {
		if isNamed(port) {
			rules = append(rules, s.namedEgress(to, port)...)
			continue
		}
		rule.Ports = append(rule.Ports, resolvePort(port, nil)...)
	}
	return appendUseful(rules, rule)
}

func (s *scene) namedEgress(to peers, port networkingv1.NetworkPolicyPort) []Rule {
	pods := map[PortRange][]netip.Prefix{}
	for _, pod := range s.pods {
		for _, resolved := range resolvePort(port, pod.Ports) {
			for _, prefix := range addrPrefixes(pod) {
				if to.contain(prefix.Addr()) {
					pods[resolved] = append(pods[resolved], prefix)
				}
			}
		}
	}
	var rules []Rule
	for _, resolved := range sortedRanges(pods) {
		rules = append(rules, Rule{Peers: sortedPrefixes(pods[resolved]), Ports: []PortRange{resolved}})
	}
	return rules
}

func sortedRanges(pods map[PortRange][]netip.Prefix) []PortRange {
	var ranges []PortRange
	for resolved := range pods {
		ranges = append(ranges, resolved)
	}
	slices.SortFunc(ranges, compareRanges)
	return ranges
}

func appendUseful(rules []Rule, rule Rule) []Rule {
	rule.Ports = mergedRanges(rule.Ports)
	if (!rule.AnyPeer && len(rule.Peers) == 0) || (!rule.AnyPort && len(rule.Ports) == 0) {
		return rules
	}
	return append(rules, rule)
}

func isNamed(port networkingv1.NetworkPolicyPort) bool {
	return port.Port != nil && port.Port.Type == intstr.String
}

// resolvePort gives the numbers that a policy's port means on a pod with these named ports.
func resolvePort(port networkingv1.NetworkPolicyPort, named []NamedPort) []PortRange {
	protocol := corev1.ProtocolTCP
	if port.Protocol != nil {
		protocol = *port.Protocol
	}
	if port.Port == nil {
		return []PortRange{{protocol, 0, lastPort}}
	}
	if !isNamed(port) {
		first := uint16(port.Port.IntVal)
		last := first
		if port.EndPort != nil {
			last = uint16(*port.EndPort)
		}
		return []PortRange{{protocol, first, last}}
	}
	var found []PortRange
	for _, candidate := range named {
		if candidate.Name == port.Port.StrVal && candidate.Protocol == protocol {
			found = append(found, PortRange{protocol, candidate.Number, candidate.Number})
		}
	}
	return found
}

// mergedRanges joins ranges that touch: the kernel refuses a set whose intervals overlap.
func mergedRanges(ranges []PortRange) []PortRange {
	slices.SortFunc(ranges, compareRanges)
	var merged []PortRange
	for _, next := range ranges {
		if next.Last < next.First {
			continue
		}
		if len(merged) > 0 && touches(merged[len(merged)-1], next) {
			previous := &merged[len(merged)-1]
			previous.Last = max(previous.Last, next.Last)
			continue
		}
		merged = append(merged, next)
	}
	return merged
}

func touches(before, after PortRange) bool {
	return before.Protocol == after.Protocol && int(after.First) <= int(before.Last)+1
}

func compareRanges(a, b PortRange) int {
	return cmp.Or(cmp.Compare(a.Protocol, b.Protocol), cmp.Compare(a.First, b.First), cmp.Compare(a.Last, b.Last))
}
