package ruleset

import "net/netip"

// Hooks are the base chains: where the kernel hands packets to the table.
var Hooks = map[string]string{"forward": "forward", "input": "input", "output": "output"}

// A connection may only begin with its first packet. Else a packet from the middle of a connection that was cut would
// open it again from the other side (the kernel's nf_conntrack_tcp_loose allows that, and may not be ours to set).
const notFirstPacket = "ct state new tcp flags & (fin | syn | rst | ack) != syn drop"

// Open enforces nothing: the hooks stay, without a rule.
func Open() *Ruleset {
	return &Ruleset{Chains: map[string][]string{"forward": nil, "input": nil, "output": nil}}
}

// closed is the frame that all pods' rules hang in: with no pod known, every pod address is closed.
func closed(podCIDRs []netip.Prefix) *Ruleset {
	rules := &Ruleset{
		Chains: map[string][]string{"forward": guards(), "input": append([]string{"iifname lo accept"}, guards()...), "output": nil},
		Maps:   map[string]Map{},
		Sets:   map[string]Set{},
	}
	for _, f := range families {
		rules.addFamily(f, f.cidrs(podCIDRs))
	}
	return rules
}

// guards open both hooks. A source address that is not routed back to where it came from is forged: with ptp every pod
// has a route of its own, so that a pod can use no address but its own.
func guards() []string {
	return []string{"fib saddr . iif oif missing drop", "ct state established,related accept"}
}

func (r *Ruleset) addFamily(f family, cidrs []string) {
	if len(cidrs) == 0 {
		r.closeFamily(f)
		return
	}
	self, egress, ingress := "self"+f.suffix, "egress"+f.suffix, "ingress"+f.suffix
	r.Sets[self] = Set{KeyType: f.addrType + " . " + f.addrType}
	r.Maps[egress] = Map{KeyType: f.addrType, Elements: map[string]string{}}
	r.Maps[ingress] = Map{KeyType: f.addrType, Elements: map[string]string{}}
	r.Chains["from-pod"+f.suffix] = lookUp(f.keyword+" saddr", egress)
	r.Chains["to-pod"+f.suffix] = lookUp(f.keyword+" daddr", ingress)

	r.append("forward", f.keyword+" saddr . "+f.keyword+" daddr @"+self+" accept")
	r.append("input", linkRules(f)...)
	for _, cidr := range cidrs {
		fromPod := f.keyword + " saddr " + cidr + " jump from-pod" + f.suffix
		r.append("forward", fromPod)
		r.append("input", fromPod)
		r.append("output", f.keyword+" daddr "+cidr+" "+notFirstPacket)
	}
	for _, cidr := range cidrs {
		r.append("forward", f.keyword+" daddr "+cidr+" jump to-pod"+f.suffix)
	}
}

// lookUp finds the pod's chain; an address that is not in the map falls through to the drop.
func lookUp(key, verdictMap string) []string {
	return []string{"ct state invalid drop", notFirstPacket, key + " vmap @" + verdictMap, "drop"}
}

// closeFamily: pods have no addresses of this family, so nothing of it may pass. IPv6 needs no configuration to talk
// between a pod and its node, and would get around every rule. (IPv4 has no such addresses: a forged one has no route.)
func (r *Ruleset) closeFamily(f family) {
	if f == ipv6 {
		r.append("forward", "meta nfproto ipv6 drop")
		r.append("input", "meta nfproto ipv6 drop")
	}
}

// linkRules are for what a pod's link needs, and for sources that are no pod's and have a route all the same.
func linkRules(f family) []string {
	if f == ipv4 {
		return []string{"ip saddr 0.0.0.0 drop"}
	}
	return []string{
		"icmpv6 type { nd-router-solicit, nd-neighbor-solicit, nd-neighbor-advert } accept",
		"ip6 saddr { ::, fe80::/10 } drop",
	}
}

func (r *Ruleset) append(chain string, rules ...string) {
	r.Chains[chain] = append(r.Chains[chain], rules...)
}
