package cluster

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"github.com/miekg/dns"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	dnsRole        = "sekisho-cluster-dns"
	dnsService     = "kube-dns"
	dnsServiceName = dnsService + "." + metav1.NamespaceSystem + ".svc.cluster.local."
	dnsApplyLimit  = 20 * time.Second
)

// dnsCommand listens on port 53 of the node itself: NetworkPolicies judge a packet to a Service by where it ends, and
// those that let names be looked up say 53.
func dnsCommand(paths Paths, config Config) []string {
	return append(config.self("dns"),
		"--kubeconfig="+paths.kubeconfigOf("dns"),
		"--listen="+config.at(dnsPort),
		"--subnet="+config.Subnet,
		"--resolv-conf=/etc/resolv.conf",
	)
}

// dnsHealth asks for the name server's own Service, so that it also fails when pods could not reach it.
func dnsHealth(ctx context.Context, _ Paths, config Config) error {
	for _, transport := range []string{"udp", "tcp"} {
		question := new(dns.Msg).SetQuestion(dnsServiceName, dns.TypeA)
		reply, _, err := (&dns.Client{Net: transport}).ExchangeContext(ctx, question, config.at(dnsPort))
		if err != nil {
			return err
		}
		if !leadsTo(reply, config.Addresses.ClusterDNS) {
			return fmt.Errorf("%s by %s: %s with %v, not %s; `up` makes that Service anew", dnsServiceName, transport, dns.RcodeToString[reply.Rcode], reply.Answer, config.Addresses.ClusterDNS)
		}
	}
	return nil
}

func leadsTo(reply *dns.Msg, want netip.Addr) bool {
	if len(reply.Answer) != 1 {
		return false
	}
	record, is := reply.Answer[0].(*dns.A)
	return is && record.A.String() == want.String()
}

// applyDNS gives the name server its rights, and pods a way to it under the name and label that charts expect.
func (c client) applyDNS(ctx context.Context, config Config) error {
	if err := c.grantReading(ctx, dnsRole, map[string][]string{"": {"services"}, "discovery.k8s.io": {"endpointslices"}}); err != nil {
		return err
	}
	// The API server answers a moment before it has made its namespaces and its range of addresses.
	var last error
	if !waitFor(dnsApplyLimit, func() bool {
		last = c.ensureDNSService(ctx, config)
		return last == nil
	}) {
		return fmt.Errorf("the Service %s cannot be made: %w", dnsService, last)
	}
	_, err := c.DiscoveryV1().EndpointSlices(metav1.NamespaceSystem).Create(ctx, dnsSliceObject(config), metav1.CreateOptions{})
	return ignoreExisting(err)
}

// ensureDNSService looks first: a second Service with the address is refused for its address, not for its name.
func (c client) ensureDNSService(ctx context.Context, config Config) error {
	services := c.CoreV1().Services(metav1.NamespaceSystem)
	_, err := services.Get(ctx, dnsService, metav1.GetOptions{})
	if errors.IsNotFound(err) {
		_, err = services.Create(ctx, dnsServiceObject(config), metav1.CreateOptions{})
	}
	return err
}

var dnsPorts = []struct {
	name     string
	protocol corev1.Protocol
}{{"dns", corev1.ProtocolUDP}, {"dns-tcp", corev1.ProtocolTCP}}

// dnsServiceObject has no selector, since no pod is behind it.
func dnsServiceObject(config Config) *corev1.Service {
	service := &corev1.Service{
		ObjectMeta: metav1.ObjectMeta{Name: dnsService, Labels: map[string]string{
			"k8s-app": dnsService}},
		Spec: corev1.ServiceSpec{ClusterIP: config.Addresses.ClusterDNS.String()},
	}
	for _, port := range dnsPorts {
		service.Spec.Ports = append(service.Spec.Ports, corev1.ServicePort{Name: port.name, Protocol: port.protocol, Port: dnsPort})
	}
	return service
}

func dnsSliceObject(config Config) *discoveryv1.EndpointSlice {
	slice := &discoveryv1.EndpointSlice{
		ObjectMeta: metav1.ObjectMeta{Name: dnsService, Labels: map[string]string{
			"k8s-app": dnsService, discoveryv1.LabelServiceName: dnsService, discoveryv1.LabelManagedBy: "sekisho-cluster"}},
		AddressType: discoveryv1.AddressTypeIPv4,
		Endpoints:   []discoveryv1.Endpoint{{Addresses: []string{config.Addresses.Node.String()}, Conditions: discoveryv1.EndpointConditions{Ready: pointer(true)}}},
	}
	for _, port := range dnsPorts {
		slice.Ports = append(slice.Ports, discoveryv1.EndpointPort{Name: pointer(port.name), Protocol: pointer(port.protocol), Port: pointer(int32(dnsPort))})
	}
	return slice
}
