package netpol

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"sync"
	"sync/atomic"

	"k8s.io/apimachinery/pkg/labels"

	"sekisho.dev/local-cluster/netpol/kernel"
	"sekisho.dev/local-cluster/netpol/policy"
	"sekisho.dev/local-cluster/netpol/ruleset"
	"sekisho.dev/local-cluster/netpol/wire"
)

// enforcer keeps the kernel's rules at what the cluster's objects and the address book say. Level-triggered: every
// update computes everything, and only the differences are written.
type enforcer struct {
	podCIDRs []netip.Prefix
	cluster  *cluster

	mu      sync.Mutex // guards these: one update at a time
	book    *book
	table   *kernel.Table
	on      bool
	lastErr error

	judge     atomic.Pointer[judge]
	unchecked atomic.Bool // the rules changed, and connections were not judged since

	begun chan struct{} // closed after the first update
	dirty chan struct{} // something changed
}

// judge is what connections are judged by. It is replaced before the kernel's rules are, so that no connection that the
// new rules let in is ever judged by the old ones.
type judge struct {
	on       bool
	verdicts policy.Verdicts
}

// touch asks for an update. Many touches before it make one.
func (e *enforcer) touch() {
	select {
	case e.dirty <- struct{}{}:
	default:
	}
}

// attach answers when the rules of the pod's addresses are in the kernel. A further pod forbids no connection, so none
// is looked for, which would take longer than all the rest; except where the end of the address's last owner was missed.
func (e *enforcer) attach(ctx context.Context, added wire.Attachment) error {
	if err := e.cluster.catchUp(ctx, added); err != nil {
		return err
	}
	inherits := false
	if _, err := e.update(ctx, func() (err error) {
		inherits, err = e.book.put(added)
		return err
	}); err != nil {
		return fmt.Errorf("%s: its rules could not be set: %w", added, err)
	}
	if inherits {
		return e.cutAllOf(added.IPs)
	}
	return nil
}

// detach forgets a sandbox's addresses at once, with their connections.
func (e *enforcer) detach(ctx context.Context, gone wire.Attachment) error {
	var addrs []netip.Addr
	if _, err := e.update(ctx, func() (err error) {
		addrs, err = e.book.remove(gone.ContainerID)
		return err
	}); err != nil || len(addrs) == 0 {
		return err
	}
	return e.cutAllOf(addrs)
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
	err := e.updateAndCut(ctx, func() error { e.on = on; return nil })
	if err != nil {
		slog.Error("the switch was turned, but the rules could not be set; trying again", "error", err)
		e.touch()
		return
	}
	slog.Info("switch", "enforcing", on)
}

// replace trusts nothing: it also puts back what someone else removed from the table.
func (e *enforcer) replace(ctx context.Context) error {
	return e.updateAndCut(ctx, func() error { e.table.Forget(); return nil })
}

func (e *enforcer) sync(ctx context.Context) error {
	return e.updateAndCut(ctx, func() error { return nil })
}

func (e *enforcer) updateAndCut(ctx context.Context, change func() error) error {
	changed, err := e.update(ctx, change)
	if err != nil || !changed {
		return err
	}
	return e.cutForbidden()
}

// update changes what we know, computes the rules anew, and writes what is different.
func (e *enforcer) update(ctx context.Context, change func() error) (changed bool, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	defer func() { e.lastErr = err }()
	if err := change(); err != nil {
		return false, err
	}
	verdicts, err := e.compile()
	if err != nil {
		return false, err
	}
	e.judge.Store(&judge{e.on, verdicts})
	want := ruleset.Open()
	if e.on {
		want = ruleset.Render(verdicts, e.podCIDRs)
	}
	changed, err = e.table.Apply(ctx, want)
	if changed {
		e.unchecked.Store(true)
	}
	return changed, err
}

func (e *enforcer) compile() (policy.Verdicts, error) {
	policies, err := e.cluster.allPolicies()
	if err != nil {
		return nil, err
	}
	namespaces, err := e.cluster.namespaces.List(labels.Everything())
	if err != nil {
		return nil, err
	}
	var known []policy.Namespace
	for _, namespace := range namespaces {
		known = append(known, policy.Namespace{Name: namespace.Name, Labels: namespace.Labels})
	}
	pods, err := e.livePods()
	if err != nil {
		return nil, err
	}
	verdicts, problems := policy.Compile(pods, known, policies)
	for _, problem := range problems {
		slog.Warn("a policy is not enforced as written", "error", problem)
	}
	return verdicts, nil
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
