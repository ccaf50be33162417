package dns

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/miekg/dns"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/cache"
)

var testSubnet = netip.MustParsePrefix("10.201.0.0/16")

// testZone knows a Service of each kind.
func testZone(t *testing.T) zone {
	t.Helper()
	known := catalogue{
		cache.NewIndexer(cache.MetaNamespaceKeyFunc, serviceIndexers),
		cache.NewIndexer(cache.MetaNamespaceKeyFunc, sliceIndexers),
	}
	put := func(to cache.Indexer, object any) {
		if err := to.Add(object); err != nil {
			t.Fatal(err)
		}
	}
	put(known.services, serviceWith("default", "kubernetes", "10.201.64.1", servicePort("https", corev1.ProtocolTCP, 443)))
	put(known.services, serviceWith("shop", "web", "10.201.64.20", servicePort("http", corev1.ProtocolTCP, 80), servicePort("", corev1.ProtocolUDP, 81)))
	put(known.services, serviceWith("shop", "db", corev1.ClusterIPNone, servicePort("sql", corev1.ProtocolTCP, 1)))
	put(known.services, serviceWith("shop", "idle", corev1.ClusterIPNone, servicePort("sql", corev1.ProtocolTCP, 1)))
	for name, target := range map[string]string{"inside": "web.shop.svc.cluster.local", "outside": "example.test", "circle": "circle.shop.svc.cluster.local"} {
		put(known.services, &corev1.Service{ObjectMeta: metav1.ObjectMeta{Namespace: "shop", Name: name},
			Spec: corev1.ServiceSpec{Type: corev1.ServiceTypeExternalName, ExternalName: target}})
	}
	no := false
	put(known.slices, sliceOf("shop", "db", "a", 5432,
		discoveryv1.Endpoint{Addresses: []string{"10.201.128.5"}, Hostname: name("db-0")},
		discoveryv1.Endpoint{Addresses: []string{"10.201.128.6"}, Hostname: name("db-1")},
		discoveryv1.Endpoint{Addresses: []string{"10.201.128.7"}, Hostname: name("db-2"), Conditions: discoveryv1.EndpointConditions{Ready: &no}}))
	put(known.slices, sliceOf("shop", "db", "b", 5432,
		discoveryv1.Endpoint{Addresses: []string{"10.201.128.8"}},
		discoveryv1.Endpoint{Addresses: []string{"10.201.128.5"}, Hostname: name("db-0")}))
	put(known.slices, sliceOf("bank", "db", "a", 5432, discoveryv1.Endpoint{Addresses: []string{"10.201.128.99"}}))
	return newZone(known, testSubnet)
}

func name(text string) *string { return &text }

func servicePort(name string, protocol corev1.Protocol, number int32) corev1.ServicePort {
	return corev1.ServicePort{Name: name, Protocol: protocol, Port: number}
}

func serviceWith(namespace, name, address string, ports ...corev1.ServicePort) *corev1.Service {
	return &corev1.Service{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name},
		Spec: corev1.ServiceSpec{ClusterIP: address, ClusterIPs: []string{address}, Ports: ports}}
}

func sliceOf(namespace, service, suffix string, port int32, endpoints ...discoveryv1.Endpoint) *discoveryv1.EndpointSlice {
	return &discoveryv1.EndpointSlice{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: service + "-" + suffix, Labels: map[string]string{discoveryv1.LabelServiceName: service}},
		Endpoints:  endpoints, Ports: []discoveryv1.EndpointPort{{Name: name("sql"), Port: &port}},
	}
}

// The answer is written as its code, the data of its records, and after a + that of what comes beside.
func TestAnswers(t *testing.T) {
	z := testZone(t)
	rows := []struct{ question, want string }{
		{"kubernetes.default.svc.cluster.local. A", "NOERROR 10.201.64.1"},
		{"kubernetes.default.svc.cluster.local. AAAA", "NOERROR"},
		{"kubernetes.default.svc.cluster.local. MX", "NOERROR"},
		{"WEB.shop.SVC.Cluster.local. A", "NOERROR 10.201.64.20"},
		{"web.default.svc.cluster.local. A", "NXDOMAIN"},
		{"shop.web.svc.cluster.local. A", "NXDOMAIN"},
		{"any.web.shop.svc.cluster.local. A", "NXDOMAIN"},

		{"db.shop.svc.cluster.local. A", "NOERROR 10.201.128.5 10.201.128.6 10.201.128.8"},
		{"db.shop.svc.cluster.local. AAAA", "NOERROR"},
		{"db-0.db.shop.svc.cluster.local. A", "NOERROR 10.201.128.5"},
		{"db-0.db.shop.svc.cluster.local. AAAA", "NOERROR"},
		{"db-2.db.shop.svc.cluster.local. A", "NXDOMAIN"}, // not ready
		{"10-201-128-8.db.shop.svc.cluster.local. A", "NOERROR 10.201.128.8"},
		{"10-201-128-99.db.shop.svc.cluster.local. A", "NXDOMAIN"}, // of another namespace
		{"idle.shop.svc.cluster.local. A", "NOERROR"},

		{"_http._tcp.web.shop.svc.cluster.local. SRV", "NOERROR 0/100/80/web.shop.svc.cluster.local. + 10.201.64.20"},
		{"_http._tcp.web.shop.svc.cluster.local. A", "NOERROR"},
		{"_http._udp.web.shop.svc.cluster.local. SRV", "NXDOMAIN"},
		{"_._udp.web.shop.svc.cluster.local. SRV", "NXDOMAIN"}, // a port without a name
		{"_tcp.web.shop.svc.cluster.local. SRV", "NOERROR"},
		{"_udp.web.shop.svc.cluster.local. SRV", "NXDOMAIN"},
		{"x._http._tcp.web.shop.svc.cluster.local. SRV", "NXDOMAIN"},
		{"_sql._tcp.db.shop.svc.cluster.local. SRV", "NOERROR" +
			" 0/100/5432/10-201-128-8.db.shop.svc.cluster.local. 0/100/5432/db-0.db.shop.svc.cluster.local. 0/100/5432/db-1.db.shop.svc.cluster.local." +
			" + 10.201.128.5 10.201.128.6 10.201.128.8"},
		{"_sql._tcp.idle.shop.svc.cluster.local. SRV", "NOERROR"},

		{"inside.shop.svc.cluster.local. CNAME", "NOERROR web.shop.svc.cluster.local."},
		{"x.inside.shop.svc.cluster.local. A", "NXDOMAIN"},

		{"cluster.local. A", "NOERROR"},
		{"cluster.local. SOA", "NOERROR ns.dns.cluster.local."},
		{"svc.cluster.local. A", "NOERROR"},
		{"shop.svc.cluster.local. A", "NOERROR"},
		{"bank.svc.cluster.local. A", "NXDOMAIN"}, // no Service in it
		{"example.com.cluster.local. A", "NXDOMAIN"},
		{"web.shop.pod.cluster.local. A", "NXDOMAIN"},
		{"10-201-128-5.shop.pod.cluster.local. A", "NXDOMAIN"},

		{"20.64.201.10.in-addr.arpa. PTR", "NOERROR web.shop.svc.cluster.local."},
		{"20.64.201.10.in-addr.arpa. A", "NOERROR"},
		{"64.201.10.in-addr.arpa. PTR", "NOERROR"},
		{"5.128.201.10.in-addr.arpa. PTR", "NXDOMAIN"},
		{"1.20.64.201.10.in-addr.arpa. PTR", "NXDOMAIN"},
		{"x.64.201.10.in-addr.arpa. PTR", "NXDOMAIN"},
	}
	for _, row := range rows {
		owner, kind, _ := strings.Cut(row.question, " ")
		found := z.about(owner, dns.StringToType[kind])
		if got := written(found.code, found.records, found.extra); got != row.want {
			t.Errorf("%s\n got %s\nwant %s", row.question, got, row.want)
		}
	}
}

func written(code int, records, extra []dns.RR) string {
	words := append([]string{dns.RcodeToString[code]}, dataOf(records)...)
	if len(extra) > 0 {
		words = append(append(words, "+"), dataOf(extra)...)
	}
	return strings.Join(words, " ")
}

// dataOf sorts, since addresses come in any order.
func dataOf(records []dns.RR) []string {
	var texts []string
	for _, record := range records {
		switch r := record.(type) {
		case *dns.A:
			texts = append(texts, r.A.String())
		case *dns.SRV:
			texts = append(texts, fmt.Sprintf("%d/%d/%d/%s", r.Priority, r.Weight, r.Port, r.Target))
		case *dns.CNAME:
			texts = append(texts, r.Target)
		case *dns.PTR:
			texts = append(texts, r.Ptr)
		case *dns.SOA:
			texts = append(texts, r.Ns)
		default:
			texts = append(texts, record.String())
		}
	}
	slices.Sort(texts)
	return texts
}

// A client that mixed the case of the question, to be safe from forged answers, finds it in the answer.
func TestTheOwnerIsWrittenAsItWasAsked(t *testing.T) {
	found := testZone(t).about("wEb.shop.svc.cluster.local.", dns.TypeA)
	if len(found.records) != 1 || found.records[0].Header().Name != "wEb.shop.svc.cluster.local." {
		t.Errorf("%v", found.records)
	}
}

func TestWhatIsOurs(t *testing.T) {
	z := testZone(t)
	for name, want := range map[string]string{
		"web.shop.svc.Cluster.Local.":  clusterDomain,
		"cluster.local.":               clusterDomain,
		"notcluster.local.":            "",
		"example.com.":                 "",
		".":                            "",
		"1.0.201.10.in-addr.arpa.":     "201.10.in-addr.arpa.",
		"1.0.202.10.in-addr.arpa.":     "",
		"cluster.local.example.test.":  "",
		"10.201.10.in-addr.arpa.test.": "",
	} {
		if got := z.apexOf(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
