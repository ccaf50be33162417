// Package kernel applies rulesets and cuts connections in the network namespace that the process is in.
package kernel

import (
	"context"
	"fmt"
	"log/slog"

	"sigs.k8s.io/knftables"

	"sekisho.dev/local-cluster/netpol/ruleset"
)

// TableName is the one nftables table that the enforcer owns; it never touches another.
const TableName = "sekisho-netpol"

// Table is the enforcer's table and what was last written to it.
type Table struct {
	nft     knftables.Interface
	applied *ruleset.Ruleset
}

func NewTable() (*Table, error) {
	nft, err := knftables.New(knftables.InetFamily, TableName)
	if err != nil {
		return nil, fmt.Errorf("nftables cannot be used: %w; install the Debian package nftables and run as root", err)
	}
	return &Table{nft: nft}, nil
}

// Exists tells whether an earlier enforcer left its rules.
func (t *Table) Exists(ctx context.Context) (bool, error) {
	_, err := t.nft.List(ctx, "chains")
	if knftables.IsNotFound(err) {
		return false, nil
	}
	return err == nil, err
}

// Apply brings the table to this content, in one transaction, and tells whether that changed anything.
// After a failure nothing is known about the kernel, so everything is replaced.
func (t *Table) Apply(ctx context.Context, want *ruleset.Ruleset) (bool, error) {
	if t.applied == nil {
		return true, t.Replace(ctx, want)
	}
	if t.applied.SameContent(want) {
		return false, nil
	}
	tx := t.nft.NewTransaction()
	ruleset.Update(tx, t.applied, want)
	if err := t.nft.Run(ctx, tx); err != nil {
		slog.Warn("the table could not be updated, it is replaced", "error", err)
		return true, t.Replace(ctx, want)
	}
	t.applied = want
	return true, nil
}

// Replace writes everything anew, in one transaction, then removes what earlier contents left. That is a transaction
// of its own because kernels differ in whether a chain can go together with the last reference to it.
func (t *Table) Replace(ctx context.Context, want *ruleset.Ruleset) error {
	t.applied = nil
	maps, err := t.list(ctx, "maps")
	if err != nil {
		return err
	}
	tx := t.nft.NewTransaction()
	ruleset.Replace(tx, want, maps)
	if err := t.nft.Run(ctx, tx); err != nil {
		return fmt.Errorf("replace nftables table inet %s: %w; `nft list table inet %s` shows what is there", TableName, err, TableName)
	}
	if err := t.tidy(ctx, want); err != nil {
		return err
	}
	t.applied = want
	return nil
}

func (t *Table) tidy(ctx context.Context, want *ruleset.Ruleset) error {
	var there [3][]string
	for i, kind := range []string{"maps", "chains", "sets"} {
		names, err := t.list(ctx, kind)
		if err != nil {
			return err
		}
		there[i] = names
	}
	tx := t.nft.NewTransaction()
	ruleset.Leftovers(tx, there[0], there[1], there[2], want)
	if tx.NumOperations() == 0 {
		return nil
	}
	if err := t.nft.Run(ctx, tx); err != nil {
		return fmt.Errorf("remove old objects from nftables table inet %s: %w; `nft list table inet %s` shows them", TableName, err, TableName)
	}
	return nil
}

func (t *Table) list(ctx context.Context, kind string) ([]string, error) {
	names, err := t.nft.List(ctx, kind)
	if err != nil && !knftables.IsNotFound(err) {
		return nil, fmt.Errorf("list the %s of nftables table inet %s: %w; is nft installed, and are we root?", kind, TableName, err)
	}
	return names, nil
}

// Forget makes the next Apply replace everything.
func (t *Table) Forget() { t.applied = nil }
