package ruleset

import (
	"net/netip"
	"slices"
)

// family is what differs between IPv4 and IPv6 in a rule's text.
type family struct {
	suffix   string // of the names of its chains and sets
	keyword  string
	addrType string
	bits     int
}

var (
	ipv4     = family{suffix: "4", keyword: "ip", addrType: "ipv4_addr", bits: 32}
	ipv6     = family{suffix: "6", keyword: "ip6", addrType: "ipv6_addr", bits: 128}
	families = []family{ipv4, ipv6}
)

func (f family) owns(addr netip.Addr) bool { return addr.BitLen() == f.bits }

// prefixes keeps those of this family; everyone is true when one of them is the whole address space.
func (f family) prefixes(all []netip.Prefix) (texts []string, everyone bool) {
	for _, prefix := range all {
		if !f.owns(prefix.Addr()) {
			continue
		}
		if prefix.Bits() == 0 {
			return nil, true
		}
		texts = append(texts, prefixText(prefix))
	}
	return texts, false
}

func prefixText(prefix netip.Prefix) string {
	if prefix.IsSingleIP() {
		return prefix.Addr().String()
	}
	return prefix.String()
}

func (f family) cidrs(podCIDRs []netip.Prefix) []string {
	texts, _ := f.prefixes(podCIDRs)
	slices.Sort(texts)
	return texts
}
