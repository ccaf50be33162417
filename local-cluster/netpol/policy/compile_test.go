package policy_test

import (
	"net/netip"
	"reflect"
	"slices"
	"testing"

	networkingv1 "k8s.io/api/networking/v1"

	"sekisho.dev/local-cluster/netpol/policy"
	"sekisho.dev/local-cluster/netpol/policytest"
)

func TestCases(t *testing.T) {
	for _, row := range policytest.Cases {
		t.Run(row.Name, func(t *testing.T) {
			verdicts, problems := row.Verdicts()
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			judge := func(flows []string, want bool) {
				for _, text := range flows {
					if got := verdicts.Allow(policytest.ParseFlow(text).Judged(), policytest.Node()); got != want {
						t.Errorf("%s: allowed %v, want %v", text, got, want)
					}
				}
			}
			judge(row.Allow, true)
			judge(row.Deny, false)
		})
	}
}

func TestTheOrderOfObjectsDoesNotMatter(t *testing.T) {
	for _, row := range policytest.Cases {
		policies, err := row.Parse()
		if err != nil {
			t.Fatal(err)
		}
		pods := policytest.Pods()
		forward, _ := policy.Compile(pods, policytest.Namespaces(), policies)
		slices.Reverse(pods)
		slices.Reverse(policies)
		backward, _ := policy.Compile(pods, policytest.Namespaces(), policies)
		if !reflect.DeepEqual(forward, backward) {
			t.Errorf("%s: the verdicts differ with the order of the objects", row.Name)
		}
	}
}

func TestWhatCannotBeReadIsNamedAndAllowsNothing(t *testing.T) {
	rows := map[string]string{
		"cidr":              `shop/a: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: ten}}]}]}`,
		"except":            `shop/a: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [x]}}]}]}`,
		"podSelector":       `shop/a: {podSelector: {}, ingress: [{from: [{podSelector: {matchExpressions: [{key: a, operator: Bad}]}}]}]}`,
		"namespaceSelector": `shop/a: {podSelector: {}, ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: a, operator: Bad}]}}]}]}`,
	}
	for name, policies := range rows {
		verdicts, problems := policytest.Case{Name: name, Policies: policies}.Verdicts()
		if len(problems) != 1 {
			t.Errorf("%s: problems %v, want one", name, problems)
		}
		if verdicts.Allow(policytest.ParseFlow("db>web tcp/80").Judged(), policytest.Node()) {
			t.Errorf("%s: allowed", name)
		}
	}
}

func TestSCTPAndIPv6AndMappedAddresses(t *testing.T) {
	web := netip.MustParseAddr("fd00::2")
	pods := []policy.Pod{{Namespace: "a", Name: "web", Addrs: []netip.Addr{web, netip.MustParseAddr("::ffff:10.244.0.2")}}}
	deny := policytest.Case{Policies: `a/x: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: "fd00::/64", except: ["fd00::8/125"]}}]}]}`}
	policies, err := deny.Parse()
	if err != nil {
		t.Fatal(err)
	}
	verdicts, _ := policy.Compile(pods, nil, policies)
	node := policy.Node{PodCIDRs: []netip.Prefix{netip.MustParsePrefix("fd00::/64")}}
	other := policy.Verdicts{}
	for addr, verdict := range verdicts {
		other[addr] = verdict
	}
	other[netip.MustParseAddr("fd00::3")] = policy.Verdict{}
	other[netip.MustParseAddr("fd00::9")] = policy.Verdict{}
	for from, want := range map[string]bool{"fd00::3": true, "fd00::9": false, "fd00::77": false, "2001:db8::1": false} {
		if got := other.Allow(policy.Flow{Protocol: "TCP", From: netip.MustParseAddr(from), To: web, Port: 80}, node); got != want {
			t.Errorf("from %s: allowed %v, want %v", from, got, want)
		}
	}
	if _, known := verdicts[netip.MustParseAddr("10.244.0.2")]; !known {
		t.Error("an IPv4 address in IPv6 notation is not found")
	}
}

// blockOf compiles an ipBlock and returns the prefixes that are left of it.
func blockOf(t *testing.T, block networkingv1.IPBlock) []netip.Prefix {
	t.Helper()
	object := &networkingv1.NetworkPolicy{Spec: networkingv1.NetworkPolicySpec{
		Ingress: []networkingv1.NetworkPolicyIngressRule{{From: []networkingv1.NetworkPolicyPeer{{IPBlock: &block}}}},
	}}
	object.Namespace = "shop"
	verdicts, _ := policy.Compile(policytest.Pods(), policytest.Namespaces(), []*networkingv1.NetworkPolicy{object})
	rules := verdicts[policytest.Addrs["web"]].Ingress.Allow
	if len(rules) == 0 {
		return nil
	}
	return rules[0].Peers
}

func TestExceptIsSubtracted(t *testing.T) {
	rows := []struct {
		block networkingv1.IPBlock
		want  []string
	}{
		{networkingv1.IPBlock{CIDR: "10.0.0.0/30", Except: []string{"10.0.0.1/32"}}, []string{"10.0.0.0/32", "10.0.0.2/31"}},
		{networkingv1.IPBlock{CIDR: "10.0.0.7/30"}, []string{"10.0.0.4/30"}},
		{networkingv1.IPBlock{CIDR: "10.0.0.0/30", Except: []string{"10.0.0.0/30"}}, nil},
		{networkingv1.IPBlock{CIDR: "10.0.0.0/30", Except: []string{"10.0.0.0/31", "10.0.0.2/31"}}, nil},
		{networkingv1.IPBlock{CIDR: "10.0.0.0/30", Except: []string{"192.168.0.0/16"}}, []string{"10.0.0.0/30"}},
		{networkingv1.IPBlock{CIDR: "fd00::/126", Except: []string{"fd00::2/127"}}, []string{"fd00::/127"}},
	}
	for _, row := range rows {
		var got []string
		for _, prefix := range blockOf(t, row.block) {
			got = append(got, prefix.String())
		}
		if !slices.Equal(got, row.want) {
			t.Errorf("%v: %v, want %v", row.block, got, row.want)
		}
	}
}
