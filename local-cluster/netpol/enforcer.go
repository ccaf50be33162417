package netpol

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/labels"

	"sekisho.dev/local-cluster/netpol/kernel"
	"sekisho.dev/local-cluster/netpol/policy"
	"sekisho.dev/local-cluster/netpol/ruleset"
	"sekisho.dev/local-cluster/netpol/wire"
)

// enforcer keeps the kernel's rules at what the cluster's objects and the address book say. Level-triggered: every
// pass computes everything, and only the differences are written.
type enforcer struct {
	podCIDRs []netip.Prefix
	cluster  *cluster

	mu       sync.Mutex // guards all below: one pass at a time
	book     *book
	table    *kernel.Table
	on       bool
	verdicts policy.Verdicts
	lastErr  error

	begun   chan struct{} // closed after the first pass
	dirty   chan struct{} // something changed
	recheck chan struct{} // connections are to be judged once more
}

// touch asks for a pass. Many touches before it make one pass.
func (e *enforcer) touch() { nudge(e.dirty) }

func nudge(to chan struct{}) {
	select {
	case to <- struct{}{}:
	default:
	}
}

// attach answers when the rules of the pod's addresses are in the kernel.
func (e *enforcer) attach(ctx context.Context, added wire.Attachment) error {
	if err := e.cluster.catchUp(ctx, added); err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.book.put(added); err != nil {
		return err
	}
	if err := e.pass(ctx); err != nil {
		return fmt.Errorf("%s: its rules could not be set: %w", added, err)
	}
	// Should the address have had an owner whose end we missed: nothing of its connections is inherited.
	return e.cut(func(c kernel.Connection) bool { return c.TouchesAny(added.IPs) })
}

// detach forgets a sandbox's addresses at once, with their connections.
func (e *enforcer) detach(ctx context.Context, gone wire.Attachment) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	addrs, err := e.book.remove(gone.ContainerID)
	if err != nil || addrs == nil {
		return err
	}
	if err := e.pass(ctx); err != nil {
		return err
	}
	return e.cut(func(c kernel.Connection) bool { return c.TouchesAny(addrs) })
}

func (e *enforcer) check(_ context.Context, asked wire.Attachment) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.book.holds(asked) {
		return fmt.Errorf("%s: its addresses are not known to the enforcer; delete the pod, so that it is set up anew", asked)
	}
	return nil
}

// turn follows the switch.
func (e *enforcer) turn(ctx context.Context, on bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.on = on
	if err := e.pass(ctx); err != nil {
		slog.Error("the switch was turned, but the rules could not be set; trying again", "error", err)
		e.touch()
		return
	}
	slog.Info("switch", "enforcing", on)
}

// replace is a pass that trusts nothing: it also puts back what someone else removed from the table.
func (e *enforcer) replace(ctx context.Context) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.table.Forget()
	return e.pass(ctx)
}

func (e *enforcer) sync(ctx context.Context) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.pass(ctx)
}

// pass computes, applies, and cuts the connections that are now forbidden. The caller holds the lock.
func (e *enforcer) pass(ctx context.Context) (err error) {
	defer func() { e.lastErr = err }()
	if err := e.compile(); err != nil {
		return err
	}
	want := ruleset.Open()
	if e.on {
		want = ruleset.Render(e.verdicts, e.podCIDRs)
	}
	changed, err := e.table.Apply(ctx, want)
	if err != nil || !changed {
		return err
	}
	// A packet that was judged by the old rules may enter its connection after this cut: look again a little later.
	time.AfterFunc(time.Second, func() { nudge(e.recheck) })
	return e.cutForbidden()
}

func (e *enforcer) compile() error {
	policies, err := e.cluster.allPolicies()
	if err != nil {
		return err
	}
	namespaces, err := e.cluster.namespaces.List(labels.Everything())
	if err != nil {
		return err
	}
	var known []policy.Namespace
	for _, namespace := range namespaces {
		known = append(known, policy.Namespace{Name: namespace.Name, Labels: namespace.Labels})
	}
	pods, err := e.livePods()
	if err != nil {
		return err
	}
	verdicts, problems := policy.Compile(pods, known, policies)
	for _, problem := range problems {
		slog.Warn("a policy is not enforced as written", "error", problem)
	}
	e.verdicts = verdicts
	return nil
}

// livePods are the pods of the book, without those that were deleted or have ended: their addresses are closed.
func (e *enforcer) livePods() ([]policy.Pod, error) {
	if err := e.book.keepOnly(func(entry wire.Attachment) bool {
		_, found := e.cluster.podOf(entry)
		return found
	}); err != nil {
		return nil, err
	}
	var pods []policy.Pod
	for _, entry := range e.book.entries {
		if pod, found := e.cluster.podOf(entry); found && !hasEnded(pod) {
			pods = append(pods, podFrom(pod, entry.IPs))
		}
	}
	return pods, nil
}

// recut judges the connections once more.
func (e *enforcer) recut() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.cutForbidden()
}

func (e *enforcer) cutForbidden() error {
	if !e.on {
		return nil
	}
	addrs, err := kernel.LocalAddrs()
	if err != nil {
		return err
	}
	node := policy.Node{PodCIDRs: e.podCIDRs, Addrs: addrs}
	return e.cut(func(c kernel.Connection) bool { return !e.verdicts.Allow(c.Flow, node) })
}

func (e *enforcer) cut(forbidden func(kernel.Connection) bool) error {
	count, err := kernel.Cut(forbidden)
	if count > 0 {
		slog.Info("cut connections", "count", count)
	}
	return err
}
