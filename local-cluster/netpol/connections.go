package netpol

import (
	"log/slog"
	"net/netip"

	"sekisho.dev/local-cluster/netpol/kernel"
	"sekisho.dev/local-cluster/netpol/policy"
)

// cutForbidden cuts the established connections that the rules no longer allow. Each is judged by the rules of that
// moment, so that the walk, which takes a while, needs no lock.
func (e *enforcer) cutForbidden() error {
	addrs, err := kernel.LocalAddrs()
	if err != nil {
		return err
	}
	node := policy.Node{PodCIDRs: e.podCIDRs, Addrs: addrs}
	return e.cut(func(c kernel.Connection) bool {
		now := e.judge.Load()
		return now.on && !now.verdicts.Allow(c.Flow, node)
	})
}

// checkLate looks once more after a change: a packet that the old rules let in may have entered its connection after
// the first look.
func (e *enforcer) checkLate() error {
	if !e.unchecked.Swap(false) {
		return nil
	}
	return e.cutForbidden()
}

func (e *enforcer) cutAllOf(addrs []netip.Addr) error {
	return e.cut(func(c kernel.Connection) bool { return c.TouchesAny(addrs) })
}

func (e *enforcer) cut(pick func(kernel.Connection) bool) error {
	count, err := kernel.Cut(e.podCIDRs, pick)
	if count > 0 {
		slog.Info("cut connections", "count", count)
	}
	return err
}
