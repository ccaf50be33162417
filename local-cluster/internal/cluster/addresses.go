package cluster

import (
	"errors"
	"fmt"
	"hash/fnv"
	"net"
	"net/netip"
)

// Addresses are the parts of the cluster's subnet. Everything is carved out of one /16, so that clusters side by side
// differ in one number. The pod range is the upper half: so large that an address is not given out again soon.
type Addresses struct {
	Host       netip.Addr   `json:"host"`       // x.y.0.1, the host's end of the link
	Node       netip.Addr   `json:"node"`       // x.y.0.2, where the node and the API server listen
	Services   netip.Prefix `json:"services"`   // x.y.64.0/18
	KubeAPI    netip.Addr   `json:"kubeAPI"`    // the first service address: `kubernetes.default`
	ClusterDNS netip.Addr   `json:"clusterDNS"` // the Service kube-dns (see dns.go)
	Pods       netip.Prefix `json:"pods"`       // x.y.128.0/17
}

// Carve divides a /16.
func Carve(subnet string) (Addresses, error) {
	prefix, err := netip.ParsePrefix(subnet)
	if err != nil || !prefix.Addr().Is4() || prefix.Bits() != 16 || prefix != prefix.Masked() {
		return Addresses{}, fmt.Errorf("the subnet %q is not an IPv4 /16 such as %s", subnet, DefaultSubnet)
	}
	at := func(third, fourth byte) netip.Addr {
		base := prefix.Addr().As4()
		return netip.AddrFrom4([4]byte{base[0], base[1], third, fourth})
	}
	return Addresses{
		Host:       at(0, 1),
		Node:       at(0, 2),
		Services:   netip.PrefixFrom(at(64, 0), 18),
		KubeAPI:    at(64, 1),
		ClusterDNS: at(64, 10),
		Pods:       netip.PrefixFrom(at(128, 0), 17),
	}, nil
}

// loopbackFor finds an address in 127/8 for a cluster without a node: derived from the name so that it stays the
// same, and the next one when another cluster or program listens there already.
func loopbackFor(name string) (netip.Addr, error) {
	hash := fnv.New32a()
	hash.Write([]byte(name))
	start := hash.Sum32()
	for try := range uint32(200) {
		value := start + try
		// The last number stays between 1 and 250, so that it is never a network or broadcast address.
		address := netip.AddrFrom4([4]byte{127, 201, byte(value >> 8), byte(value%250) + 1})
		if portsFree(address) {
			return address, nil
		}
	}
	return netip.Addr{}, errors.New("no loopback address with free ports was found; stop other control planes with `sekisho-cluster down --all`")
}

func portsFree(address netip.Addr) bool {
	for _, port := range []uint16{etcdPort, etcdPeerPort, apiServerPort, controllerManagerPort, schedulerPort} {
		listener, err := net.Listen("tcp", netip.AddrPortFrom(address, port).String())
		if err != nil {
			return false
		}
		listener.Close()
	}
	return true
}
