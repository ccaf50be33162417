package dns

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"

	"github.com/miekg/dns"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
)

const (
	clusterDomain = "cluster.local."
	// ttl is short, so that a test that replaces a Service sees the new one.
	ttl = 5
)

// zone answers for the names below cluster.local and for the addresses of the cluster's subnet.
type zone struct {
	known   catalogue
	reverse string // such as 201.10.in-addr.arpa.
}

func newZone(known catalogue, subnet netip.Prefix) zone {
	octets := subnet.Addr().As4()
	return zone{known, fmt.Sprintf("%d.%d.in-addr.arpa.", octets[1], octets[0])}
}

// answer is what the zone says to a question. A name that exists without records of the type has the code success.
type answer struct {
	code    int
	records []dns.RR
	extra   []dns.RR
	// alias is the name that the record leads to, for which the answer goes on.
	alias string
}

var noSuchName = answer{code: dns.RcodeNameError}

// apexOf is the apex of ours that the name is below, or nothing when the name is not ours to answer.
func (z zone) apexOf(name string) string {
	for _, apex := range []string{clusterDomain, z.reverse} {
		if dns.IsSubDomain(apex, name) {
			return apex
		}
	}
	return ""
}

// about answers the question with the name in lower case; `owner` is the name as it was written, which clients compare.
func (z zone) about(owner string, kind uint16) answer {
	name := strings.ToLower(owner)
	apex := z.apexOf(name)
	labels := dns.SplitDomainName(strings.TrimSuffix(name, apex))
	switch {
	case len(labels) == 0 && kind == dns.TypeSOA:
		return answer{records: []dns.RR{authority(apex)}}
	case apex == z.reverse:
		return z.aboutAddress(owner, labels, kind)
	case len(labels) == 0:
		return answer{} // the apex itself
	case labels[len(labels)-1] != "svc":
		return noSuchName
	}
	return z.aboutService(owner, labels[:len(labels)-1], kind)
}

// aboutService is for what is below svc.cluster.local: [[port protocol | hostname] service] namespace.
func (z zone) aboutService(owner string, labels []string, kind uint16) answer {
	switch len(labels) {
	case 0:
		return answer{}
	case 1:
		if z.known.hasServicesIn(labels[0]) {
			return answer{}
		}
		return noSuchName
	}
	above, name, namespace := labels[:len(labels)-2], labels[len(labels)-2], labels[len(labels)-1]
	service, found := z.known.service(namespace, name)
	if !found {
		return noSuchName
	}
	switch {
	case len(above) == 0:
		return z.service(owner, service, kind)
	case service.Spec.Type == corev1.ServiceTypeExternalName || len(above) > 2:
		return noSuchName
	case len(above) == 2:
		return z.port(owner, service, above, kind)
	case strings.HasPrefix(above[0], "_"):
		return protocolNode(service, above[0])
	}
	return z.hostname(owner, service, above[0], kind)
}

func (z zone) service(owner string, service *corev1.Service, kind uint16) answer {
	switch {
	case service.Spec.Type == corev1.ServiceTypeExternalName:
		return alias(owner, service.Spec.ExternalName)
	case !isHeadless(service):
		return answer{records: addressRecords(owner, kind, parsed(service.Spec.ClusterIPs))}
	}
	var addresses []netip.Addr
	z.known.endpoints(service, func(_ *discoveryv1.EndpointSlice, found endpoint) {
		addresses = append(addresses, found.address)
	})
	return answer{records: addressRecords(owner, kind, addresses)}
}

func (z zone) hostname(owner string, service *corev1.Service, hostname string, kind uint16) answer {
	if !isHeadless(service) {
		return noSuchName
	}
	var addresses []netip.Addr
	z.known.endpoints(service, func(_ *discoveryv1.EndpointSlice, found endpoint) {
		if found.hostname == hostname {
			addresses = append(addresses, found.address)
		}
	})
	if len(addresses) == 0 {
		return noSuchName
	}
	return answer{records: addressRecords(owner, kind, addresses)}
}

// protocolNode: `_tcp.web.default…` has no records, but it is there when a named port is below it.
func protocolNode(service *corev1.Service, protocol string) answer {
	for _, port := range service.Spec.Ports {
		if port.Name != "" && protocol == protocolLabel(port.Protocol) {
			return answer{}
		}
	}
	return noSuchName
}

// port answers for `_http._tcp.web.default…`.
func (z zone) port(owner string, service *corev1.Service, above []string, kind uint16) answer {
	at := slices.IndexFunc(service.Spec.Ports, func(port corev1.ServicePort) bool {
		return port.Name != "" && above[0] == "_"+port.Name && above[1] == protocolLabel(port.Protocol)
	})
	if at < 0 {
		return noSuchName
	}
	if kind != dns.TypeSRV {
		return answer{}
	}
	port, base := service.Spec.Ports[at], service.Name+"."+service.Namespace+".svc."+clusterDomain
	if !isHeadless(service) {
		return answer{
			records: []dns.RR{serviceRecord(owner, uint16(port.Port), base)},
			extra:   everyAddress(base, parsed(service.Spec.ClusterIPs)),
		}
	}
	return z.headlessPort(owner, service, port, base)
}

func (z zone) headlessPort(owner string, service *corev1.Service, port corev1.ServicePort, base string) answer {
	var found []endpoint
	z.known.endpoints(service, func(slice *discoveryv1.EndpointSlice, candidate endpoint) {
		for _, open := range slice.Ports {
			if open.Port != nil && open.Name != nil && *open.Name == port.Name && protocolOf(open) == port.Protocol {
				candidate.port = uint16(*open.Port)
				found = append(found, candidate)
			}
		}
	})
	slices.SortFunc(found, func(a, b endpoint) int {
		return cmp.Or(cmp.Compare(a.hostname, b.hostname), cmp.Compare(a.port, b.port), a.address.Compare(b.address))
	})
	var result answer
	for i, one := range slices.Compact(found) {
		target := one.hostname + "." + base
		// Endpoints may share a hostname: then there is one record for it, and its addresses beside.
		if i == 0 || found[i-1].hostname != one.hostname || found[i-1].port != one.port {
			result.records = append(result.records, serviceRecord(owner, one.port, target))
		}
		result.extra = append(result.extra, everyAddress(target, []netip.Addr{one.address})...)
	}
	return result
}

// aboutAddress answers for 10.64.201.10.in-addr.arpa, the name of a Service's address.
func (z zone) aboutAddress(owner string, labels []string, kind uint16) answer {
	if len(labels) < 2 {
		return answer{}
	}
	address, err := netip.ParseAddr(addressText(owner))
	if err != nil || len(labels) > 2 {
		return noSuchName
	}
	service, found := z.known.serviceAt(address)
	if !found {
		return noSuchName
	}
	if kind != dns.TypePTR {
		return answer{}
	}
	header := dns.RR_Header{Name: owner, Rrtype: dns.TypePTR, Class: dns.ClassINET, Ttl: ttl}
	return answer{records: []dns.RR{&dns.PTR{Hdr: header, Ptr: service.Name + "." + service.Namespace + ".svc." + clusterDomain}}}
}

// addressText turns 10.64.201.10.in-addr.arpa. round.
func addressText(owner string) string {
	labels := dns.SplitDomainName(owner)
	if len(labels) < 4 {
		return ""
	}
	octets := labels[:4]
	return octets[3] + "." + octets[2] + "." + octets[1] + "." + octets[0]
}

// inRandomOrder spreads the clients that take the first address.
func inRandomOrder(addresses []netip.Addr) []netip.Addr {
	slices.SortFunc(addresses, netip.Addr.Compare)
	addresses = slices.Compact(addresses)
	rand.Shuffle(len(addresses), func(i, j int) { addresses[i], addresses[j] = addresses[j], addresses[i] })
	return addresses
}
