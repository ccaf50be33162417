package dns

import (
	"net/netip"
	"strings"

	"github.com/miekg/dns"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
)

// authority says how long a denial may be remembered.
func authority(apex string) dns.RR {
	return &dns.SOA{
		Hdr: dns.RR_Header{Name: apex, Rrtype: dns.TypeSOA, Class: dns.ClassINET, Ttl: ttl},
		Ns:  "ns.dns." + apex, Mbox: "hostmaster." + apex,
		Serial: 1, Refresh: 7200, Retry: 1800, Expire: 86400, Minttl: ttl,
	}
}

// addressRecords are the addresses of the family that was asked for.
func addressRecords(owner string, kind uint16, addresses []netip.Addr) []dns.RR {
	var records []dns.RR
	for _, record := range everyAddress(owner, inRandomOrder(addresses)) {
		if record.Header().Rrtype == kind {
			records = append(records, record)
		}
	}
	return records
}

func everyAddress(owner string, addresses []netip.Addr) []dns.RR {
	var records []dns.RR
	for _, address := range addresses {
		header := dns.RR_Header{Name: owner, Class: dns.ClassINET, Ttl: ttl}
		if address.Is4() {
			header.Rrtype = dns.TypeA
			records = append(records, &dns.A{Hdr: header, A: address.AsSlice()})
		} else {
			header.Rrtype = dns.TypeAAAA
			records = append(records, &dns.AAAA{Hdr: header, AAAA: address.AsSlice()})
		}
	}
	return records
}

func serviceRecord(owner string, port uint16, target string) dns.RR {
	header := dns.RR_Header{Name: owner, Rrtype: dns.TypeSRV, Class: dns.ClassINET, Ttl: ttl}
	return &dns.SRV{Hdr: header, Weight: 100, Port: port, Target: target}
}

// alias leads to another name, which whoever sends the answer has to look up too: clients do not.
func alias(owner, target string) answer {
	target = dns.Fqdn(target)
	header := dns.RR_Header{Name: owner, Rrtype: dns.TypeCNAME, Class: dns.ClassINET, Ttl: ttl}
	return answer{records: []dns.RR{&dns.CNAME{Hdr: header, Target: target}}, alias: target}
}

func parsed(texts []string) []netip.Addr {
	var addresses []netip.Addr
	for _, text := range texts {
		if address, err := netip.ParseAddr(text); err == nil {
			addresses = append(addresses, address)
		}
	}
	return addresses
}

func protocolLabel(protocol corev1.Protocol) string { return "_" + strings.ToLower(string(protocol)) }

// protocolOf: TCP is what the API means when it says nothing.
func protocolOf(port discoveryv1.EndpointPort) corev1.Protocol {
	if port.Protocol == nil {
		return corev1.ProtocolTCP
	}
	return *port.Protocol
}

// hostnameOf is the pod's own, or one made of its address, so that a record of a port always has a target.
func hostnameOf(found discoveryv1.Endpoint, address netip.Addr) string {
	if found.Hostname != nil && *found.Hostname != "" {
		return strings.ToLower(*found.Hostname)
	}
	return strings.NewReplacer(".", "-", ":", "-").Replace(address.String())
}
