package kernel

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
	corev1 "k8s.io/api/core/v1"

	"sekisho.dev/local-cluster/netpol/policy"
)

// Connection is one entry of the kernel's connection table.
type Connection struct {
	policy.Flow
	// Touches holds every address of the entry, before and after translation.
	Touches [4]netip.Addr
}

// Cut makes the kernel forget the tracked connections that the predicate picks: their next packet is judged anew.
// Only the families of the pods' addresses are walked, because a walk takes some 15 ms, however few connections there are.
func Cut(podCIDRs []netip.Prefix, pick func(Connection) bool) (uint, error) {
	var total uint
	for _, family := range familiesOf(podCIDRs) {
		cut, err := cutFamily(family, predicate(pick))
		total += cut
		if err != nil {
			return total, fmt.Errorf("cut forbidden connections: %w; `conntrack -L` shows the ones that are left", err)
		}
	}
	return total, nil
}

func familiesOf(podCIDRs []netip.Prefix) []netlink.InetFamily {
	var families []netlink.InetFamily
	for _, prefix := range podCIDRs {
		family := netlink.InetFamily(unix.AF_INET)
		if prefix.Addr().Is6() {
			family = unix.AF_INET6
		}
		if !slices.Contains(families, family) {
			families = append(families, family)
		}
	}
	return families
}

// cutFamily goes over the table again when the kernel says that it changed under the walk.
func cutFamily(family netlink.InetFamily, pick predicate) (cut uint, err error) {
	for range 5 {
		var more uint
		more, err = netlink.ConntrackDeleteFilters(netlink.ConntrackTable, family, pick)
		cut += more
		if !errors.Is(err, netlink.ErrDumpInterrupted) {
			return cut, err
		}
	}
	return cut, err
}

type predicate func(Connection) bool

func (p predicate) MatchConntrackFlow(flow *netlink.ConntrackFlow) bool { return p(connectionOf(flow)) }

// connectionOf reads who opened it from the original direction, and where it really went from the reply.
func connectionOf(flow *netlink.ConntrackFlow) Connection {
	return Connection{
		Flow: policy.Flow{
			Protocol: protocolNames[flow.Forward.Protocol],
			From:     addrOf(flow.Forward.SrcIP),
			To:       addrOf(flow.Reverse.SrcIP),
			Port:     flow.Reverse.SrcPort,
		},
		Touches: [4]netip.Addr{
			addrOf(flow.Forward.SrcIP), addrOf(flow.Forward.DstIP), addrOf(flow.Reverse.SrcIP), addrOf(flow.Reverse.DstIP),
		},
	}
}

var protocolNames = map[uint8]corev1.Protocol{
	unix.IPPROTO_TCP:  corev1.ProtocolTCP,
	unix.IPPROTO_UDP:  corev1.ProtocolUDP,
	unix.IPPROTO_SCTP: corev1.ProtocolSCTP,
}

func addrOf(ip net.IP) netip.Addr {
	addr, _ := netip.AddrFromSlice(ip)
	return addr.Unmap()
}

// TouchesAny tells whether one of these addresses has a part in the connection.
func (c Connection) TouchesAny(addrs []netip.Addr) bool {
	return slices.ContainsFunc(addrs, func(addr netip.Addr) bool { return slices.Contains(c.Touches[:], addr) })
}

// LocalAddrs are the node's own addresses.
func LocalAddrs() ([]netip.Addr, error) {
	found, err := net.InterfaceAddrs()
	if err != nil {
		return nil, fmt.Errorf("list the node's addresses: %w", err)
	}
	var addrs []netip.Addr
	for _, address := range found {
		if prefix, err := netip.ParsePrefix(address.String()); err == nil {
			addrs = append(addrs, prefix.Addr().Unmap())
		}
	}
	return addrs, nil
}
