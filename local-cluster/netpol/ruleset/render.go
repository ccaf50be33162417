package ruleset

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"sekisho.dev/local-cluster/netpol/policy"
)

// Render gives the table's content for these verdicts. Pod addresses outside the CIDRs have no rules of their own.
func Render(verdicts policy.Verdicts, podCIDRs []netip.Prefix) *Ruleset {
	rules := closed(podCIDRs)
	for addr, verdict := range verdicts {
		for _, f := range families {
			if f.owns(addr) && len(f.cidrs(podCIDRs)) > 0 {
				rules.addPod(f, addr.String(), verdict)
			}
		}
	}
	for name, set := range rules.Sets {
		slices.Sort(set.Elements) // the verdicts come in no order; equal rulesets must compare equal
		rules.Sets[name] = set
	}
	return rules
}

func (r *Ruleset) addPod(f family, addr string, verdict policy.Verdict) {
	self := r.Sets["self"+f.suffix]
	self.Elements = append(self.Elements, addr+" . "+addr)
	r.Sets["self"+f.suffix] = self
	r.Maps["egress"+f.suffix].Elements[addr] = r.sideVerdict(f, "eg", "daddr", verdict.Egress)
	r.Maps["ingress"+f.suffix].Elements[addr] = r.sideVerdict(f, "in", "saddr", verdict.Ingress)
}

// sideVerdict is what the map says for one direction of a pod. "return" goes back to the hook, which looks at the other
// direction; the chains are entered by "goto", so that their "return" does the same.
func (r *Ruleset) sideVerdict(f family, kind, peerField string, side policy.Side) string {
	if !side.Isolated {
		return "return"
	}
	var lines []string
	for _, rule := range side.Allow {
		lines = append(lines, r.ruleLines(f, peerField, rule)...)
	}
	if len(lines) == 0 {
		return "drop"
	}
	slices.Sort(lines)
	lines = append(slices.Compact(lines), "drop")
	name := hashedName(kind+f.suffix, lines)
	r.Chains[name] = lines
	return "goto " + name
}

func (r *Ruleset) ruleLines(f family, peerField string, rule policy.Rule) []string {
	var parts []string
	if !rule.AnyPeer {
		texts, everyone := f.prefixes(rule.Peers)
		if len(texts) == 0 && !everyone {
			return nil
		}
		if !everyone {
			parts = append(parts, f.keyword+" "+peerField+" @"+r.peerSet(f, texts))
		}
	}
	if !rule.AnyPort {
		parts = append(parts, portMatch(rule.Ports))
	}
	return []string{strings.Join(append(parts, "return"), " ")}
}

func (r *Ruleset) peerSet(f family, texts []string) string {
	slices.Sort(texts)
	name := hashedName("peers"+f.suffix, texts)
	r.Sets[name] = Set{KeyType: f.addrType, Interval: true, Elements: texts}
	return name
}

func portMatch(ports []policy.PortRange) string {
	var elements []string
	for _, port := range ports {
		elements = append(elements, fmt.Sprintf("%s . %d-%d", strings.ToLower(string(port.Protocol)), port.First, port.Last))
	}
	return "meta l4proto . th dport { " + strings.Join(elements, ", ") + " }"
}
