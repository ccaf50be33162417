package cluster

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"
)

func partNamesOf(config Config) []string {
	var names []string
	for _, p := range parts(config) {
		names = append(names, p.name)
	}
	return names
}

// A cluster that an older build made has parts of that build, which has no name server.
func TestWhereTheNameServerRuns(t *testing.T) {
	_, config := nodeForTest(t)
	if slices.Contains(partNamesOf(config), "dns") || !slices.Contains(partNamesOf(config), "netpol") {
		t.Errorf("a cluster without it: %v", partNamesOf(config))
	}
	config.WithDNS = true
	if !slices.Contains(partNamesOf(config), "dns") {
		t.Errorf("a full cluster: %v", partNamesOf(config))
	}
	config.ControlPlaneOnly = true
	if want := []string{"etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"}; !slices.Equal(partNamesOf(config), want) {
		t.Errorf("a control plane alone: %v", partNamesOf(config))
	}
	for _, alone := range []bool{false, true} {
		made, err := newConfig(Paths{Name: "test"}, Options{Subnet: DefaultSubnet, ControlPlaneOnly: alone})
		if err != nil || made.WithDNS == alone {
			t.Errorf("control plane only: %t, with DNS: %t, %v", alone, made.WithDNS, err)
		}
	}
}

// The Service must lead to where the part listens, and that must be port 53: policies judge a packet by where it ends.
func TestTheServiceLeadsToTheNameServer(t *testing.T) {
	paths, config := nodeForTest(t)
	service, slice := dnsServiceObject(config), dnsSliceObject(config)
	if service.Spec.ClusterIP != "10.201.64.10" || service.Labels["k8s-app"] != "kube-dns" || len(service.Spec.Selector) > 0 {
		t.Errorf("%+v", service)
	}
	if slice.Labels["kubernetes.io/service-name"] != service.Name || !slices.Equal(slice.Endpoints[0].Addresses, []string{"10.201.0.2"}) {
		t.Errorf("%+v", slice)
	}
	for i, port := range service.Spec.Ports {
		end := slice.Ports[i]
		if port.Port != 53 || *end.Port != 53 || *end.Name != port.Name || *end.Protocol != port.Protocol {
			t.Errorf("port %+v leads to %+v", port, end)
		}
	}
	if command := strings.Join(dnsCommand(paths, config), " "); !strings.Contains(command, "--listen=10.201.0.2:53 ") {
		t.Error(command)
	}
}

func TestOnlyItsOwnAddressIsHealthy(t *testing.T) {
	want := netip.MustParseAddr("10.201.64.10")
	for text, healthy := range map[string]bool{"A 10.201.64.10": true, "A 10.201.64.11": false, "TXT 10.201.64.10": false, "": false} {
		reply := new(dns.Msg)
		if text != "" {
			record, err := dns.NewRR(dnsServiceName + " 5 IN " + text)
			if err != nil {
				t.Fatal(err)
			}
			reply.Answer = append(reply.Answer, record)
		}
		if leadsTo(reply, want) != healthy {
			t.Errorf("%q: healthy %t", text, !healthy)
		}
	}
}
