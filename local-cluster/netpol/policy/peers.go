package policy

import (
	"net/netip"
	"slices"

	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// peers is one from or to list: everyone, or these addresses.
type peers struct {
	any      bool
	prefixes []netip.Prefix
}

func (p peers) contain(addr netip.Addr) bool {
	return p.any || slices.ContainsFunc(p.prefixes, func(prefix netip.Prefix) bool { return prefix.Contains(addr) })
}

// resolvePeers reads a from or to list of a policy in a namespace. A missing or empty list means everyone.
func (s *scene) resolvePeers(where, namespace string, list []networkingv1.NetworkPolicyPeer) peers {
	if len(list) == 0 {
		return peers{any: true}
	}
	var found []netip.Prefix
	for _, peer := range list {
		if peer.IPBlock != nil {
			found = append(found, s.blockPrefixes(where, peer.IPBlock)...)
			continue
		}
		found = append(found, s.podPrefixes(where, namespace, peer)...)
	}
	return peers{prefixes: sortedPrefixes(found)}
}

// podPrefixes finds the pods that one peer names. A peer without any selector names no one.
func (s *scene) podPrefixes(where, namespace string, peer networkingv1.NetworkPolicyPeer) []netip.Prefix {
	if peer.PodSelector == nil && peer.NamespaceSelector == nil {
		return nil
	}
	inNamespace := func(name string) bool { return name == namespace }
	if peer.NamespaceSelector != nil {
		selector := s.selector(where+".namespaceSelector", peer.NamespaceSelector, labels.Nothing())
		inNamespace = func(name string) bool {
			set, known := s.namespaces[name]
			return known && selector.Matches(set)
		}
	}
	podSelector := labels.Everything()
	if peer.PodSelector != nil {
		podSelector = s.selector(where+".podSelector", peer.PodSelector, labels.Nothing())
	}
	var found []netip.Prefix
	for _, pod := range s.pods {
		if inNamespace(pod.Namespace) && podSelector.Matches(pod.Labels) {
			found = append(found, addrPrefixes(pod)...)
		}
	}
	return found
}

func addrPrefixes(pod Pod) []netip.Prefix {
	var prefixes []netip.Prefix
	for _, addr := range pod.Addrs {
		prefixes = append(prefixes, netip.PrefixFrom(addr.Unmap(), addr.Unmap().BitLen()))
	}
	return prefixes
}

func sortedPrefixes(prefixes []netip.Prefix) []netip.Prefix {
	slices.SortFunc(prefixes, func(a, b netip.Prefix) int {
		if order := a.Addr().Compare(b.Addr()); order != 0 {
			return order
		}
		return a.Bits() - b.Bits()
	})
	return slices.Compact(prefixes)
}
